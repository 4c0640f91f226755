//! The consumer function, with the handlers of this project.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    consumer::run(consumer::handlers::all(), consumer::handlers::state).await
}

//! The consumer function, with the handlers of this project.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    consumer::run(consumer::handlers::all(), consumer::handlers::state).await
}

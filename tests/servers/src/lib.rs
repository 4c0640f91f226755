//! The core in servers that aren't Landfall's, as `examples/` has them, each with its tests. There is no code here.
//!
//! This package asks for no feature of the core's, which is so tested as a server has it that knows shared secrets alone.

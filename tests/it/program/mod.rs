//! The program as it is started, stopped, killed and asked.

mod alone;
mod commands;
mod crashes;
mod kills;
mod photos;
mod stops;

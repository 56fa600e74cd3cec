//! Pictures of organisations and activities, named after their content and never changed: a record
//! refers to one, also in its older versions. Most forms and all tables leave them alone.

pub mod model;
pub mod store;

pub use model::{Picture, PictureId, Shown, SizeName};

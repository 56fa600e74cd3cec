//! Values that everything above speaks in: pure, no input or output.

pub mod boundary;
pub mod clock;
pub mod contact;
pub mod dutch;
pub mod geo;
pub mod id;
pub mod label;
pub mod money;
pub mod postcode;
pub mod record;
pub mod slug;
pub mod text_enum;
pub mod written;

pub use clock::Clock;
pub use label::Label;
pub use record::RecordKind;
pub use slug::Slug;

//! Typed record ids: the compiler refuses a place where a zone is meant.

/// Declares a newtype over a UUID version 7 (RFC 9562), permanent and the same in every output.
macro_rules! record_id {
    ($($name:ident),+ $(,)?) => {$(
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug,
                 serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            #[must_use]
            #[expect(clippy::new_without_default, reason = "an id is made on purpose, never by default")]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

record_id!(
    ZoneId,
    PlaceId,
    ThemeId,
    AudienceId,
    OrganisationId,
    ActivityId,
    DossierId,
    FaqId,
    CalendarSourceId,
    AccountId
);

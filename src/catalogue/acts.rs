use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::access::Actor;
use crate::audit;
use crate::database::Violation;
use crate::database::outbox;

/// The named acts that change records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    Register,
    Revise,
    Rename,
    Publish,
    Withdraw,
    /// Found right as it is.
    Check,
    Propose,
    /// Makes public what was proposed.
    Approve,
    /// Throws away what was proposed.
    Reject,
    /// Says when it goes online or off by itself.
    Plan,
    /// Makes it the work of someone.
    Assign,
    /// Says something about it to who works on it.
    Remark,
    Settle,
    Remove,
}

impl Act {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Revise => "revise",
            Self::Rename => "rename",
            Self::Publish => "publish",
            Self::Withdraw => "withdraw",
            Self::Check => "check",
            Self::Propose => "propose",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Plan => "plan",
            Self::Assign => "assign",
            Self::Remark => "remark",
            Self::Settle => "settle",
            Self::Remove => "remove",
        }
    }
}

/// Why an act was not carried out; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error(transparent)]
    Refused(#[from] Violation),
    #[error("there is no such record")]
    Unknown,
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for CommandError {
    fn from(error: sqlx::Error) -> Self {
        Violation::of(&error).map_or(Self::Database(error), Self::Refused)
    }
}

/// Writes down an act that changes nothing of what is public: in the audit log alone.
pub(super) async fn note_only(
    conn: &mut PgConnection,
    actor: &Actor,
    act: Act,
    subject: (&str, Option<Uuid>, &str),
    content: &(impl Serialize + Sync),
) -> Result<(), sqlx::Error> {
    audit::record(conn, actor, act.as_str(), subject, content).await
}

/// Writes down an act in the audit log and the outbox, in the caller's transaction.
pub(super) async fn note(
    conn: &mut PgConnection,
    actor: &Actor,
    act: Act,
    (subject, id, key): (&str, Option<Uuid>, &str),
    content: &(impl Serialize + Sync),
) -> Result<(), sqlx::Error> {
    audit::record(conn, actor, act.as_str(), (subject, id, key), content).await?;
    outbox::announce(conn, subject, id).await
}

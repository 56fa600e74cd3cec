use serde::{Deserialize, Serialize};

/// A record in one breath: enough for a link to it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Label {
    pub slug: String,
    pub name: String,
}

//! Commands for who signs in to the admin area, and how the first one gets in.

use anyhow::Context;
use sqlx::{PgConnection, PgPool};

use super::{Records, block_on, say};
use crate::access::{Actor, Role};
use crate::accounts::commands::{self, LinkFor};
use crate::accounts::{Draft, sessions, store};
use crate::admin::links;
use crate::base::Clock;
use crate::base::contact::Email;
use crate::base::id::AccountId;
use crate::config::Config;
use crate::database;

/// Who administers the demonstration; nobody reads mail there (RFC 2606).
const DEMONSTRATOR: &str = "beheer@wijzer.example";

/// Makes an account, and prints the link with which its owner chooses a password.
///
/// # Errors
/// One sentence: not an address, not a role that needs no further choice, no role while there is
/// an administrator, an address in use.
pub fn create(email: &str, name: &str, role: Option<&str>) -> anyhow::Result<()> {
    with_accounts(async |config, conn| {
        let mut tx = sqlx::Acquire::begin(conn).await?;
        let role = match role {
            Some(role) => role,
            None if store::nobody_administers(&mut tx).await? => Role::Administrator.as_str(),
            None => {
                anyhow::bail!("say which role {email} gets: --role administrator, editor or reader")
            }
        };
        let draft = draft(email, name, role)?;
        let id = commands::register(&mut tx, &Actor::Operator, &draft)
            .await
            .with_context(|| format!("{email} cannot be added"))?;
        let link = link(config, &mut tx, &Actor::Operator, id, LinkFor::Invitation).await?;
        tx.commit().await?;
        say(format_args!(
            "{email} is added. With this link, which works once and for seven days, a password is chosen:\n{link}\n"
        ))
    })
}

/// Ends an account's right to sign in, at once.
///
/// # Errors
/// There is no such account, or it is the last administrator.
pub fn disable(email: &str) -> anyhow::Result<()> {
    with_accounts(async |_, conn| {
        let mut tx = sqlx::Acquire::begin(conn).await?;
        let id = known(&mut tx, email).await?;
        commands::enable(&mut tx, &Actor::Operator, id, false).await?;
        tx.commit().await?;
        say(format_args!("{email} can no longer sign in.\n"))
    })
}

/// Prints a link with which an account's owner chooses a new password; takes the second factor
/// away when asked, for who lost it.
///
/// # Errors
/// There is no such account.
pub fn reset(email: &str, second_factor: bool) -> anyhow::Result<()> {
    with_accounts(async |config, conn| {
        let mut tx = sqlx::Acquire::begin(conn).await?;
        let id = known(&mut tx, email).await?;
        if second_factor {
            commands::drop_second_factor(&mut tx, &Actor::Operator, id).await?;
            sessions::end_all(&mut tx, id).await?;
        }
        let link = link(config, &mut tx, &Actor::Operator, id, LinkFor::Reset).await?;
        tx.commit().await?;
        say(format_args!(
            "With this link, which works once and for an hour, {email} chooses a new password:\n{link}\n"
        ))
    })
}

fn draft(email: &str, name: &str, role: &str) -> anyhow::Result<Draft> {
    let role: Role = role.parse().map_err(anyhow::Error::msg)?;
    anyhow::ensure!(
        matches!(role, Role::Administrator | Role::Editor | Role::Reader),
        "the role {} is limited to zones, themes or organisations: give it in the admin area",
        role.as_str()
    );
    anyhow::ensure!(!name.trim().is_empty(), "a name is needed");
    Ok(Draft {
        email: Email::parse(email)?,
        name: name.trim().to_owned(),
        role: Some(role),
        zones: Vec::new(),
        themes: Vec::new(),
        organisations: Vec::new(),
    })
}

async fn known(conn: &mut PgConnection, email: &str) -> anyhow::Result<AccountId> {
    let found = store::by_email(conn, email).await?;
    let (id, ..) = found.with_context(|| format!("nobody can sign in as {email}"))?;
    Ok(id)
}

async fn link(
    config: &Config,
    conn: &mut PgConnection,
    actor: &Actor,
    id: AccountId,
    purpose: LinkFor,
) -> anyhow::Result<String> {
    let now = Clock::System.now().to_utc();
    let secret = commands::make_link(conn, actor, id, purpose, now).await?;
    let base = config.server.base_url.as_str().trim_end_matches('/');
    Ok(format!("{base}{}", links::welcome(secret.as_str())))
}

fn with_accounts(
    work: impl AsyncFnOnce(&Config, &mut PgConnection) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let config = Config::load()?;
    let records = Records::open(&config, false)?;
    block_on(async {
        let pool = records.pool();
        database::migrate(&pool).await?;
        let mut conn = pool.acquire().await?;
        work(&config, &mut conn).await?;
        drop(conn);
        pool.close().await;
        Ok(())
    })
}

/// How the first one signs in, as a line for who started the program: a link to the
/// demonstration, else the command. `None` when an administrator can.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn first(config: &Config, pool: &PgPool) -> anyhow::Result<Option<String>> {
    let mut tx = pool.begin().await?;
    if !store::nobody_administers(&mut tx).await? {
        return Ok(None);
    }
    if config.storage.demo_data.is_none() {
        return Ok(Some(
            "No administrator can sign in to the admin area yet: `wijzer user create EMAIL --name NAME` makes the first account."
                .to_owned(),
        ));
    }
    let actor = Actor::Demonstration;
    let id = if let Some((id, ..)) = store::by_email(&mut tx, DEMONSTRATOR).await? {
        id
    } else {
        let draft = draft(DEMONSTRATOR, "Beheerder", Role::Administrator.as_str())?;
        commands::register(&mut tx, &actor, &draft).await?
    };
    let link = link(config, &mut tx, &actor, id, LinkFor::Invitation).await?;
    tx.commit().await?;
    Ok(Some(format!(
        "To sign in to the admin area as {DEMONSTRATOR}, choose a password first: {link}"
    )))
}

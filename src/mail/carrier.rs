use std::time::Duration;

use anyhow::Context;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use sqlx::PgPool;

use super::{Letter, queue};

/// The queue is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A mail server that does not answer is left for a next try.
const PATIENCE: Duration = Duration::from_secs(20);

/// Brings letters to the mail server.
pub struct Carrier {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Carrier {
    /// A carrier to the server of an `smtp:` or `smtps:` address, writing as `name <from>`.
    ///
    /// # Errors
    /// When the address of the server or the sender makes no sense. The address may hold a
    /// password and is not repeated.
    pub fn new(server: &str, name: &str, from: &str) -> anyhow::Result<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server)
            .ok()
            .context("WIJZER_SMTP_URL is not the address of a mail server")?
            .timeout(Some(PATIENCE))
            .build();
        let address = from
            .parse()
            .context("WIJZER_MAIL_FROM is not an e-mail address")?;
        Ok(Self {
            transport,
            from: Mailbox::new(Some(name.to_owned()), address),
        })
    }

    /// For ever. While the database is away it waits.
    pub async fn go(self, pool: PgPool) {
        loop {
            if let Err(error) = self.once(&pool).await {
                tracing::warn!(error = format!("{error:#}"), "mail could not be looked at");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Sends every letter whose time has come; returns how many went out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn once(&self, pool: &PgPool) -> anyhow::Result<usize> {
        let mut sent = 0;
        loop {
            let mut conn = pool.acquire().await?;
            let Some((id, letter)) = queue::claim(&mut conn).await? else {
                return Ok(sent);
            };
            drop(conn);
            let outcome = self.send(&letter).await;
            let mut conn = pool.acquire().await?;
            match outcome {
                Ok(()) => {
                    queue::sent(&mut conn, id).await?;
                    sent += 1;
                }
                Err(error) => {
                    let fault = format!("{error:#}");
                    tracing::warn!(
                        id,
                        fault,
                        "a letter could not be sent and will be tried again"
                    );
                    queue::failed(&mut conn, id, &fault).await?;
                }
            }
        }
    }

    async fn send(&self, letter: &Letter) -> anyhow::Result<()> {
        let to = letter
            .to
            .as_str()
            .parse()
            .context("not an address that can be written to")?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&letter.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())?;
        self.transport.send(message).await?;
        Ok(())
    }
}

//! Signing in with a provider elsewhere: OpenID Connect, code flow with PKCE, state and nonce
//! (OpenID Connect Core 1.0, 3.1; RFC 9700). Tells who someone is over there; what that person may
//! do here is not decided here.

use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient,
    CoreClientAuthMethod, CoreGrantType, CoreIdTokenClaims, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AsyncHttpClient, AuthType, AuthorizationCode,
    ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata,
    RedirectUrl, Scope, SignatureVerificationError, TokenResponse,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use crate::config::Openid;
use crate::fetch::{FetchError, Fetcher, Guard, Limits};

/// What the provider says of itself is asked anew after so long.
const HOLDS: Duration = Duration::from_hours(1);
/// An unknown key may be a new one; whoever makes keys up does not make us ask all day.
const ASK_AGAIN: Duration = Duration::from_mins(1);
/// Someone waits, and the door has its own patience: everything together, also for who stands behind
/// others, within this.
const PATIENCE: Duration = Duration::from_secs(8);

/// Signatures that only the provider can make; those with our own secret are not among them.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 10] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EcdsaP521Sha512,
    CoreJwsSigningAlgorithm::EdDsa,
];

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Additional {
    /// The provider names itself when it sends people back (RFC 9207, 3).
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}
impl AdditionalProviderMetadata for Additional {}

type Metadata = ProviderMetadata<
    Additional,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// Why someone cannot sign in with the provider, for the log; it never holds a code or a token.
#[derive(Debug, thiserror::Error)]
pub enum OpenidError {
    #[error("the provider cannot be asked: {0}")]
    Away(String),
    #[error("the provider's answer does not hold: {0}")]
    Answer(String),
}

/// What to keep while someone is away at the provider.
#[derive(Clone)]
pub struct Kept {
    /// Binds the answer to this attempt.
    pub nonce: String,
    /// Of PKCE (RFC 7636).
    pub verifier: String,
}

/// What the provider sent back along with the person.
pub struct Returned<'a> {
    pub code: &'a str,
    /// Empty: not given.
    pub issuer: &'a str,
}

/// Who someone is at the provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    pub issuer: String,
    /// Never given to anyone else by this issuer.
    pub subject: String,
    /// Only when the provider says that it checked it.
    pub email: Option<String>,
    pub name: Option<String>,
}

/// The provider of the settings.
pub struct Provider {
    settings: Openid,
    back: Url,
    http: Http,
    metadata: Mutex<Option<(Instant, Metadata)>>,
}

impl Provider {
    /// `back`: where the provider sends people back to. Asks nothing yet: the portal starts
    /// without it.
    ///
    /// # Errors
    /// When the cryptography is not there.
    pub fn new(settings: Openid, back: Url) -> anyhow::Result<Self> {
        // The operator named the provider; it may well be inside their network.
        let fetcher = Fetcher::new(Guard::anywhere())?.within(Limits {
            time: PATIENCE,
            size: 512 * 1024,
            redirects: 0,
        });
        Ok(Self {
            settings,
            back,
            http: Http(fetcher),
            metadata: Mutex::new(None),
        })
    }

    /// As it stands on a button after "Inloggen met".
    #[must_use]
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// As it names itself.
    #[must_use]
    pub fn issuer(&self) -> &str {
        // `Url` writes a slash behind a bare host, which the issuer itself does not.
        let issuer = self.settings.issuer.as_str();
        if self.settings.issuer.path() == "/" {
            issuer.trim_end_matches('/')
        } else {
            issuer
        }
    }

    /// Where to send someone, and what to keep meanwhile. `state` is a secret of the caller that
    /// comes back.
    ///
    /// # Errors
    /// [`OpenidError::Away`].
    pub async fn departure(&self, state: &str) -> Result<(Url, Kept), OpenidError> {
        patiently(self.leave(state)).await
    }

    async fn leave(&self, state: &str) -> Result<(Url, Kept), OpenidError> {
        let metadata = self.metadata(HOLDS).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = self.client(metadata)?;
        let state = state.to_owned();
        let (address, _, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                Nonce::new_random,
            )
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let kept = Kept {
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        };
        Ok((address, kept))
    }

    /// Who came back.
    ///
    /// # Errors
    /// [`OpenidError`]; the code is used up in any case.
    pub async fn arrival(&self, returned: &Returned<'_>, kept: Kept) -> Result<Known, OpenidError> {
        patiently(self.come(returned, kept)).await
    }

    async fn come(&self, returned: &Returned<'_>, kept: Kept) -> Result<Known, OpenidError> {
        let metadata = self.metadata(HOLDS).await?;
        let named = &metadata
            .additional_metadata()
            .authorization_response_iss_parameter_supported;
        let issuer = metadata.issuer().as_str().to_owned();
        // Another provider's code, or one whose provider hides (RFC 9207, 2.4).
        if returned.issuer != issuer && (*named || !returned.issuer.is_empty()) {
            return Err(OpenidError::Answer("it names another issuer".to_owned()));
        }
        let client = self.client(metadata)?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(returned.code.to_owned()))
            .map_err(answer)?
            .set_pkce_verifier(PkceCodeVerifier::new(kept.verifier))
            .request_async(&self.http)
            .await
            .map_err(|error| match error {
                openidconnect::RequestTokenError::Request(error) => away(error),
                // Its words may hold what we sent.
                openidconnect::RequestTokenError::ServerResponse(said) => {
                    OpenidError::Answer(format!("the code was refused: {}", said.error()))
                }
                _ => OpenidError::Answer("the tokens cannot be read".to_owned()),
            })?;
        let token = tokens
            .id_token()
            .ok_or_else(|| OpenidError::Answer("there is no ID token".to_owned()))?;
        let nonce = Nonce::new(kept.nonce);
        let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
        let claims: CoreIdTokenClaims = match token.claims(&verifier, &nonce) {
            Ok(claims) => claims.clone(),
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let anew = self.client(self.metadata(ASK_AGAIN).await?)?;
                let verifier = anew.id_token_verifier().set_allowed_algs(ALGORITHMS);
                token.claims(&verifier, &nonce).map_err(answer)?.clone()
            }
            Err(error) => return Err(answer(error)),
        };
        if let Some(expected) = claims.access_token_hash() {
            let key = token.signing_key(&verifier).map_err(answer);
            // A key that came with the second question made this token itself; the hash is then
            // covered by its signature and by TLS.
            if let Ok(key) = key {
                let actual = AccessTokenHash::from_token(
                    tokens.access_token(),
                    token.signing_alg().map_err(answer)?,
                    key,
                )
                .map_err(answer)?;
                if actual != *expected {
                    return Err(OpenidError::Answer(
                        "the tokens do not belong together".to_owned(),
                    ));
                }
            }
        }
        let mut known = Known {
            issuer,
            subject: claims.subject().as_str().to_owned(),
            email: checked(claims.email().map(|e| e.as_str()), claims.email_verified()),
            name: name(claims.name()),
        };
        if known.email.is_none()
            && let Ok(asked) = client.user_info(
                tokens.access_token().to_owned(),
                Some(claims.subject().clone()),
            )
        {
            // Most providers tell the address here only.
            let told: CoreUserInfoClaims = asked
                .request_async(&self.http)
                .await
                .map_err(|_| OpenidError::Answer("what it knows cannot be read".to_owned()))?;
            known.email = checked(told.email().map(|e| e.as_str()), told.email_verified());
            known.name = name(told.name()).or(known.name);
        }
        Ok(known)
    }

    /// What the provider says of itself, no older than `holds`.
    async fn metadata(&self, holds: Duration) -> Result<Metadata, OpenidError> {
        let mut kept = self.metadata.lock().await;
        if let Some((asked, metadata)) = &*kept
            && asked.elapsed() < holds
        {
            return Ok(metadata.clone());
        }
        let issuer = IssuerUrl::new(self.issuer().to_owned()).map_err(answer)?;
        let found = Metadata::discover_async(issuer, &self.http)
            .await
            .map_err(away)?;
        *kept = Some((Instant::now(), found.clone()));
        Ok(found)
    }
}

/// The crate's way out is ours.
struct Http(Fetcher);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = FetchError;
    type Future = BoxFuture<'c, Result<HttpResponse, FetchError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.0.exchange(request))
    }
}

type Ready = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

impl Provider {
    fn client(&self, metadata: Metadata) -> Result<Ready, OpenidError> {
        let basic = metadata
            .token_endpoint_auth_methods_supported()
            .is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let back = RedirectUrl::new(self.back.to_string()).map_err(answer)?;
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(self.settings.client_id.clone()),
            Some(ClientSecret::new(self.settings.client_secret.clone())),
        )
        .set_redirect_uri(back);
        Ok(if basic {
            client
        } else {
            client.set_auth_type(AuthType::RequestBody)
        })
    }
}

/// An address counts only when the provider says, in so many words, that it checked it.
fn checked(email: Option<&str>, verified: Option<bool>) -> Option<String> {
    email.filter(|_| verified == Some(true)).map(str::to_owned)
}

fn name(
    claim: Option<&openidconnect::LocalizedClaim<openidconnect::EndUserName>>,
) -> Option<String> {
    let name = claim?.get(None)?.trim();
    (!name.is_empty()).then(|| name.chars().take(100).collect())
}

async fn patiently<T>(
    asked: impl Future<Output = Result<T, OpenidError>>,
) -> Result<T, OpenidError> {
    let late = |_| OpenidError::Away("it does not answer in time".to_owned());
    tokio::time::timeout(PATIENCE, asked).await.map_err(late)?
}

fn answer(error: impl std::fmt::Display) -> OpenidError {
    OpenidError::Answer(error.to_string())
}

fn away(error: impl std::fmt::Display) -> OpenidError {
    OpenidError::Away(error.to_string())
}

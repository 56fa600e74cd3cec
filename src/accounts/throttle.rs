//! How often one may try to sign in, in memory, per program. Three bounds at once (ASVS 6.3.1):
//! one address on one account, one address on all accounts (spraying), and one account from all
//! addresses. The last is wide: it must slow down a crowd, and not let a stranger lock out the
//! person whose account it is.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

type Limiter<K> = DefaultKeyedRateLimiter<K>;

/// Keys that are held at most before the full ones are swept out.
const MANY: usize = 10_000;

/// Cheap to clone; forgets everything at a restart.
#[derive(Clone)]
pub struct Throttle(Arc<Limits>);

struct Limits {
    pair: Limiter<(Network, String)>,
    address: Limiter<Network>,
    account: Limiter<String>,
    clock: DefaultClock,
}

/// An address as one subscriber has it: a whole IPv4 address, or the /64 of an IPv6 address.
type Network = [u8; 8];

impl Default for Throttle {
    fn default() -> Self {
        Self(Arc::new(Limits {
            pair: RateLimiter::keyed(quota(5, Duration::from_mins(1))),
            address: RateLimiter::keyed(quota(30, Duration::from_secs(20))),
            account: RateLimiter::keyed(quota(60, Duration::from_secs(30))),
            clock: DefaultClock::default(),
        }))
    }
}

/// So many at once, and then one each time that so long has passed.
fn quota(at_once: u32, each: Duration) -> Quota {
    let at_once = NonZeroU32::new(at_once).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(each)
        .unwrap_or(Quota::per_minute(at_once))
        .allow_burst(at_once)
}

impl Throttle {
    /// Counts a try from an address on an account; an error is how long to wait for the next.
    /// The account need not exist: what is typed counts, in any spelling of its capitals.
    ///
    /// # Errors
    /// The time until the next try.
    pub fn attempt(&self, from: IpAddr, account: &str) -> Result<(), Duration> {
        let (from, account) = (network(from), key(account));
        let limits = &self.0;
        let now = limits.clock.now();
        let wait = |no: governor::NotUntil<_>| no.wait_time_from(now);
        limits.address.check_key(&from).map_err(wait)?;
        limits
            .pair
            .check_key(&(from, account.clone()))
            .map_err(wait)?;
        limits.account.check_key(&account).map_err(wait)?;
        self.sweep();
        Ok(())
    }

    /// Counts a try from an address for which nothing is typed.
    ///
    /// # Errors
    /// The time until the next try.
    pub fn departure(&self, from: IpAddr) -> Result<(), Duration> {
        let limits = &self.0;
        let now = limits.clock.now();
        let counted = limits.address.check_key(&network(from));
        counted.map_err(|no| no.wait_time_from(now))?;
        self.sweep();
        Ok(())
    }

    /// Lets go of keys that have all their tries back.
    fn sweep(&self) {
        let limits = &self.0;
        if limits.pair.len() > MANY {
            limits.pair.retain_recent();
        }
        if limits.address.len() > MANY {
            limits.address.retain_recent();
        }
        if limits.account.len() > MANY {
            limits.account.retain_recent();
        }
    }
}

/// Longer than any address is not an account.
fn key(account: &str) -> String {
    account.trim().to_lowercase().chars().take(254).collect()
}

fn network(address: IpAddr) -> Network {
    match address.to_canonical() {
        IpAddr::V4(four) => {
            let [a, b, c, d] = four.octets();
            [0, 0, 0, 0, a, b, c, d]
        }
        IpAddr::V6(six) => {
            let mut subscriber = [0; 8];
            subscriber.copy_from_slice(&six.octets()[..8]);
            subscriber
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_account_is_tried_five_times_and_others_go_on() {
        let throttle = Throttle::default();
        let (here, there) = (address("192.0.2.1"), address("192.0.2.2"));
        for _ in 0..5 {
            assert!(throttle.attempt(here, "anja@wijzer.test").is_ok());
        }
        let wait = throttle.attempt(here, " ANJA@wijzer.test").unwrap_err();
        assert!(wait <= Duration::from_mins(1) && wait > Duration::from_secs(50));
        assert!(throttle.attempt(here, "bert@wijzer.test").is_ok());
        assert!(throttle.attempt(there, "anja@wijzer.test").is_ok());
    }

    #[test]
    fn spraying_from_one_address_ends() {
        let throttle = Throttle::default();
        let tries = |from: &str| {
            (0..500)
                .filter(|i| {
                    throttle
                        .attempt(address(from), &format!("{i}@wijzer.test"))
                        .is_ok()
                })
                .count()
        };
        assert_eq!(tries("192.0.2.1"), 30);
        assert_eq!(tries("2001:db8::1"), 30);
        assert_eq!(tries("2001:db8::2"), 0, "the same subscriber");
        assert_eq!(
            tries("::ffff:192.0.2.1"),
            0,
            "the same address, written otherwise"
        );
    }

    #[test]
    fn a_crowd_on_one_account_is_slowed_down() {
        let throttle = Throttle::default();
        let tries = (0..=255_u8)
            .filter(|i| {
                throttle
                    .attempt(IpAddr::from([192, 0, 2, *i]), "anja@wijzer.test")
                    .is_ok()
            })
            .count();
        assert_eq!(tries, 60);
    }
}

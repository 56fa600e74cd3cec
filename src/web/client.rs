//! From where a request comes. Only to count tries by, while it is answered: no address is kept,
//! and none is logged.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
};

use axum::{
    extract::{FromRequestParts, Request},
    http::request::Parts,
};

/// Who holds the other end of the connection; perhaps a proxy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// The address of whoever asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Client(pub IpAddr);

const NOT_KNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// Notes who asks: the other end of the connection, or, when that is a proxy of ours, the last
/// address in `X-Forwarded-For` that is none. What stands before it anyone can make up
/// (ASVS 4.1.3).
pub(super) fn note(request: &mut Request, proxies: &[IpAddr]) {
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or(NOT_KNOWN, |peer| peer.0);
    let said = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let said: Vec<&str> = said.map(str::trim).collect();
    let client = Client(behind(peer, &said, proxies));
    request.extensions_mut().insert(client);
}

fn behind(peer: IpAddr, said: &[&str], proxies: &[IpAddr]) -> IpAddr {
    let ours = |address: &IpAddr| proxies.contains(&address.to_canonical());
    let mut client = peer;
    for text in said.iter().rev() {
        if !ours(&client) {
            break;
        }
        let Ok(address) = text.parse() else {
            break;
        };
        client = address;
    }
    client
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Self(NOT_KNOWN)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxies = [address("10.0.0.1"), address("::1")];
        for (peer, said, expected) in [
            ("192.0.2.9", &[][..], "192.0.2.9"),
            ("192.0.2.9", &["198.51.100.1"], "192.0.2.9"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.7", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1", "10.0.0.1"], "198.51.100.1"),
            ("10.0.0.1", &["made up", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1", "made up"], "10.0.0.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
        ] {
            let found = behind(address(peer), said, &proxies);
            assert_eq!(found, address(expected), "{peer} {said:?}");
        }
    }
}

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Which addresses may be contacted: those of the public internet on the ports of the web, and
/// those that the operator allowed one by one.
#[derive(Clone, Default, Debug)]
pub struct Guard {
    allowed: HashSet<SocketAddr>,
    anywhere: bool,
}

/// The ports of http and https.
const WEB_PORTS: [u16; 2] = [80, 443];

impl Guard {
    #[must_use]
    pub fn allowing(addresses: &[SocketAddr]) -> Self {
        Self {
            allowed: addresses.iter().copied().collect(),
            anywhere: false,
        }
    }

    /// For an address that the operator wrote in the settings: it may be inside their network.
    #[must_use]
    pub fn anywhere() -> Self {
        Self {
            anywhere: true,
            ..Self::default()
        }
    }

    /// Whether a connection to this very address may be made.
    #[must_use]
    pub fn allows(&self, address: SocketAddr) -> bool {
        self.anywhere
            || self.allowed.contains(&address)
            || (WEB_PORTS.contains(&address.port()) && is_public(address.ip()))
    }
}

/// Whether an address is one of the public internet, by the registries of special addresses
/// (IANA; RFC 6890 and its updates).
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !NOT_PUBLIC_V4
            .iter()
            .any(|(net, bits)| v4_in(ip, *net, *bits)),
        // What is not global unicast is refused whole: loopback, link-local, unique local,
        // multicast, and all that carries an IPv4 address inside (::ffff:0:0/96, 64:ff9b::/96).
        IpAddr::V6(ip) => {
            v6_in(ip, Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3)
                && !NOT_PUBLIC_V6
                    .iter()
                    .any(|(net, bits)| v6_in(ip, *net, *bits))
        }
    }
}

const NOT_PUBLIC_V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::UNSPECIFIED, 8),           // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // behind the NAT of a provider
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local, and the metadata of clouds
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation
    (Ipv4Addr::new(192, 31, 196, 0), 24), // AS112
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // 6to4 relays
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarks
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved, and broadcast
];

const NOT_PUBLIC_V6: [(Ipv6Addr, u32); 4] = [
    // Protocol assignments: Teredo, benchmarks, ORCHID.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),     // 6to4: an IPv4 address inside
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),     // documentation
];

fn v4_in(ip: Ipv4Addr, net: Ipv4Addr, bits: u32) -> bool {
    (ip.to_bits() ^ net.to_bits()) >> (32 - bits) == 0
}

fn v6_in(ip: Ipv6Addr, net: Ipv6Addr, bits: u32) -> bool {
    (ip.to_bits() ^ net.to_bits()) >> (128 - bits) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_special_address_is_public() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "192.168.255.255",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(text.parse().expect(text)), "{text}");
        }
        for text in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(is_public(text.parse().expect(text)), "{text}");
        }
    }

    #[test]
    fn what_is_allowed_is_one_address_and_port() {
        let guard = Guard::allowing(&["127.0.0.1:8099".parse().expect("address")]);
        let allows = |text: &str| guard.allows(text.parse().expect(text));
        assert!(allows("127.0.0.1:8099") && allows("1.1.1.1:443") && allows("1.1.1.1:80"));
        assert!(!allows("127.0.0.1:443") && !allows("127.0.0.2:8099"));
        assert!(!allows("1.1.1.1:22") && !allows("1.1.1.1:8080"));
    }
}

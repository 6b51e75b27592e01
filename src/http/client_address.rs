//! The address that a request comes from: as far as it can be believed.
//!
//! Anyone can write `X-Forwarded-For`. Each proxy appends the address that it was called from, so
//! the list is read from its end, and only as long as the hop that vouches for it is trusted.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::http::header::{HeaderMap, X_FORWARDED_FOR};

use crate::config::Networks;

/// The client's address: the right-most that is none of the trusted proxies.
pub fn of(headers: &HeaderMap, peer: Option<SocketAddr>, trusted: &Networks) -> Option<IpAddr> {
    let mut address = peer?.ip().to_canonical();
    let lists: Vec<&str> = headers
        .get_all(X_FORWARDED_FOR)
        .filter_map(|value| value.to_str().ok())
        .collect();
    let mut hops = lists.iter().flat_map(|list| list.split(',')).rev();
    while trusted.contain(address) {
        // What is no address is not believed, nor anything to the left of it.
        match hops.next().and_then(read_hop) {
            Some(hop) => address = hop,
            None => break,
        }
    }
    Some(address)
}

/// An address, which some proxies write with its port.
fn read_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop
        .strip_prefix('[')
        .and_then(|hop| hop.strip_suffix(']'))
        .unwrap_or(hop);
    let address = bare.parse().ok();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    address.or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

/// What limits are counted by: an IPv4 address, or the network of an IPv6 address that one household
/// or office has to itself (/64).
pub fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderValue, X_FORWARDED_FOR};

    use super::{counted, of};

    const TRUSTED: &str = "10.0.0.0/8,fd00::/8";

    /// The address of a request from a peer with these headers.
    fn address(peer: &str, lists: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for list in lists {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_static(list));
        }
        let peer = format!("{peer}:4711").parse().expect("the peer is valid");
        let trusted = TRUSTED.parse().expect("the networks are valid");
        of(&headers, Some(peer), &trusted)
            .map(|address| address.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn a_stranger_speaks_for_nobody_but_itself() {
        assert_eq!(address("203.0.113.9", &["10.0.0.1", "192.0.2.1"]), "203.0.113.9");
        assert_eq!(address("203.0.113.9", &[]), "203.0.113.9");
    }

    #[test]
    fn the_right_most_address_that_is_no_proxy_counts() {
        assert_eq!(address("10.0.0.1", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(
            address("10.0.0.1", &["198.51.100.7, 192.0.2.1 , 10.2.2.2"]),
            "192.0.2.1"
        );
        assert_eq!(
            address("10.0.0.1", &["198.51.100.7", "192.0.2.1,10.2.2.2"]),
            "192.0.2.1"
        );
        assert_eq!(address("[fd00::1]", &["2001:db8::5"]), "2001:db8::5");
        assert_eq!(address("[::ffff:10.0.0.1]", &["::ffff:192.0.2.1"]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &["192.0.2.1:8080"]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &["[2001:db8::5]:8080"]), "2001:db8::5");
        assert_eq!(address("10.0.0.1", &["[2001:db8::5]"]), "2001:db8::5");
    }

    #[test]
    fn what_is_no_address_ends_the_list() {
        assert_eq!(address("10.0.0.1", &["192.0.2.1, unknown"]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["192.0.2.1, unknown, 10.2.2.2"]), "10.2.2.2");
        assert_eq!(address("10.0.0.1", &["10.3.3.3, 10.2.2.2"]), "10.3.3.3");
        assert_eq!(address("10.0.0.1", &[""]), "10.0.0.1");
    }

    #[test]
    fn an_ipv6_address_counts_with_its_network() {
        let of = |text: &str| counted(text.parse().expect("it is an address")).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("192.0.2.1"), "192.0.2.1");
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }
}

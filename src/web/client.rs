//! From which network a request comes, for rate limits.

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv6Addr, SocketAddr},
};

/// The sender's network: an IPv4 address, or the 64 bits of an IPv6 address that one subscriber has.
///
/// A reverse proxy on this machine is believed when it says for whom it asks; the last address of its
/// `X-Forwarded-For` is the one that it saw itself. Nobody else is believed.
pub struct ClientNetwork(pub String);

impl<S: Send + Sync> FromRequestParts<S> for ClientNetwork {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let forwarded = forwarded.and_then(|value| value.to_str().ok()).and_then(last_address);
        let sender = match (peer, forwarded) {
            (Some(peer), Some(forwarded)) if peer.is_loopback() => Some(forwarded),
            (peer, _) => peer,
        };
        Ok(Self(sender.map(network_text).unwrap_or_default()))
    }
}

fn last_address(list: &str) -> Option<IpAddr> {
    list.rsplit(',').next().and_then(|text| text.trim().parse().ok())
}

fn network_text(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_subscriber_is_one_network() {
        let network = |text: &str| network_text(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(last_address("10.0.0.1, 192.0.2.7"), "192.0.2.7".parse().ok());
    }
}

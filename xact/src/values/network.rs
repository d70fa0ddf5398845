//! Addresses: `inet`, `cidr` and `macaddr`.

#![cfg(feature = "network")]

use std::net::IpAddr;

use ipnetwork::IpNetwork;
use mac_address::MacAddress;
use sqlx::error::BoxDynError;

use super::wire::Reader;
use super::{FromSql, SqlValue};

impl FromSql<'_> for IpNetwork {
    const OIDS: &'static [u32] = &[869, 650];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        // `network_send` in Postgres's `network.c`. The length says which family it is.
        let mut reader = Reader::new(value.as_bytes()?, "inet");
        let [_family, prefix, _is_cidr, length] = reader.fixed_bytes()?;
        let address = match length {
            4 => IpAddr::from(reader.fixed_bytes::<4>()?),
            16 => IpAddr::from(reader.fixed_bytes::<16>()?),
            _ => return Err(reader.malformed()),
        };
        Self::new(address, prefix).map_err(|_| reader.malformed())
    }
}

impl FromSql<'_> for MacAddress {
    const OIDS: &'static [u32] = &[829];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        value.fixed_bytes().map(Self::new)
    }
}

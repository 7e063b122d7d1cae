//! Amounts of data as people write them, in powers of 1,000: `48 MB`, `1.5 TB`.

/// Units, the largest first.
const UNITS: [(&str, u64); 5] =
    [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1)];

/// Bytes of `500 GB`, `1.5TB`, `20 MB`; more than nothing.
pub fn bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let (_, size) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim()))?;
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits = u32::try_from(part.len()).ok().filter(|digits| *digits <= 12)?;
    let whole = whole.parse::<u64>().ok()?.checked_mul(*size)?;
    let part = u128::from(part.parse::<u64>().ok()?) * u128::from(*size) / 10_u128.pow(digits);
    whole.checked_add(u64::try_from(part).ok()?).filter(|bytes| *bytes > 0)
}

/// An amount as it is read: `512 B`, `4.8 MB`, `48 MB`, `1.5 TB`.
pub fn told(bytes: u64) -> String {
    let fits = |(_, size): &&(&str, u64)| bytes >= *size;
    let (name, size) = UNITS.iter().find(fits).copied().unwrap_or(("B", 1));
    let (whole, tenth) = (bytes / size, bytes % size * 10 / size);
    if tenth == 0 || whole >= 10 { format!("{whole} {name}") } else { format!("{whole}.{tenth} {name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_told() {
        let read = ["500 GB", "1.5TB", "20 mb", "7 B", "0.25 kB"].map(bytes);
        assert_eq!(
            read,
            [Some(500_000_000_000), Some(1_500_000_000_000), Some(20_000_000), Some(7), Some(250)]
        );
        for text in
            ["", "GB", "5", "0 GB", "-1 GB", "1,5 GB", "1.2.3 GB", "99999999999999999999 TB", "5 pounds"]
        {
            assert_eq!(bytes(text), None, "{text}");
        }
        let told = [0, 512, 4_800_000, 48_900_000, 1_500_000_000_000].map(told);
        assert_eq!(told, ["0 B", "512 B", "4.8 MB", "48 MB", "1.5 TB"]);
    }
}

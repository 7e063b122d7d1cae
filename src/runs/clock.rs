//! Moments as evidence and journals write them.

/// `2026-11-29T10:47:18Z` as seconds since 1970.
pub fn unix(time: &str) -> Option<u64> {
    let (day, clock) = time.strip_suffix('Z')?.split_once('T')?;
    let days = day.parse::<crate::base::Date>().ok()?.days();
    let parts: Vec<u64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hours @ ..=23, minutes @ ..=59, seconds @ ..=60] = *parts.as_slice() else { return None };
    u64::try_from(days).ok()?.checked_mul(86_400)?.checked_add(hours * 3_600 + minutes * 60 + seconds)
}

//! Bytes as text of 64 signs, RFC 4648.

/// The alphabet of section 4.
pub const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The alphabet of section 5, for addresses and file names.
pub const FOR_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes in base64, filled up with `=` as section 4 wants it.
pub fn base64(bytes: &[u8]) -> String {
    let mut out = base64_digits(bytes, STANDARD);
    while !out.len().is_multiple_of(4) {
        out.push('=');
    }
    out
}

/// The digits alone.
pub fn base64_digits(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in bytes {
        (bits, count) = ((bits << 8) | u32::from(*byte), count + 8);
        while count >= 6 {
            count -= 6;
            out.push(digit(bits >> count, alphabet));
            bits &= (1 << count) - 1;
        }
    }
    if count > 0 {
        out.push(digit(bits << (6 - count), alphabet));
    }
    out
}

fn digit(bits: u32, alphabet: &[u8; 64]) -> char {
    alphabet.get(bits as usize & 63).map_or('A', |digit| char::from(*digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let cases = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (text, wanted) in cases {
            assert_eq!(base64(text.as_bytes()), wanted);
            assert_eq!(base64_digits(text.as_bytes(), STANDARD), wanted.trim_end_matches('='));
        }
        assert_eq!(
            (base64(&[0xfb, 0xff]).as_str(), base64_digits(&[0xfb, 0xff], FOR_URLS).as_str()),
            ("+/8=", "-_8")
        );
    }
}

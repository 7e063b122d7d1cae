//! Byte ranges, and the lines and columns people read.

/// A half-open byte range in one file's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`; offsets beyond 4 GiB saturate (no page is read at that size).
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The range as indices.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// The beginning of a text, of at most so many bytes.
pub fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// A line and a column, both counted from 1; columns count characters, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Where each line of a text begins, and how many characters there are before each block of it: a line may be all of a
/// file, and thousands of findings may stand on it.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Characters that begin before each block of [`BLOCK`] bytes.
    characters: Vec<u32>,
}

/// Bytes of which the characters are counted when a column is asked for, at most.
const BLOCK: usize = 256;

/// Whether a byte begins a character (RFC 3629).
fn begins(byte: &u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

fn count(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.iter().filter(|byte| begins(byte)).count()).unwrap_or(u32::MAX)
}

impl LineIndex {
    /// Indexes `text` once; look-ups are binary searches.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(at, _)| Span::new(at + 1, at + 1).start),
        );
        let mut characters = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut before = 0_u32;
        for block in text.as_bytes().chunks(BLOCK) {
            characters.push(before);
            before = before.saturating_add(count(block));
        }
        characters.push(before);
        Self { starts, characters }
    }

    /// How many characters begin before a byte offset.
    fn characters_before(&self, text: &str, offset: usize) -> u32 {
        let block = offset / BLOCK;
        let rest = text.as_bytes().get(block * BLOCK..offset).map_or(0, count);
        self.characters.get(block).map_or(0, |before| before.saturating_add(rest))
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = beginning(text, offset as usize).len();
        let line = self.starts.partition_point(|start| *start as usize <= offset).max(1) - 1;
        let begin = self.starts.get(line).map_or(0, |start| *start as usize).min(offset);
        let column = self.characters_before(text, offset) - self.characters_before(text, begin);
        Position { line: u32::try_from(line + 1).unwrap_or(u32::MAX), column: column.saturating_add(1) }
    }

    /// The text of a line (from 1), without its line ending.
    pub fn line<'t>(&self, text: &'t str, line: u32) -> &'t str {
        let at = (line as usize).saturating_sub(1);
        let Some(start) = self.starts.get(at) else { return "" };
        let end = self.starts.get(at + 1).map_or(text.len(), |next| *next as usize);
        text.get(*start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// Byte offset at which a line (from 1) begins.
    pub fn start_of(&self, line: u32) -> Option<u32> {
        self.starts.get((line as usize).checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_at_newlines() {
        let text = "aé\nb\r\nc";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 0), Position { line: 1, column: 1 });
        assert_eq!(index.position(text, 3), Position { line: 1, column: 3 });
        assert_eq!(index.position(text, 4), Position { line: 2, column: 1 });
        assert_eq!(index.line(text, 2), "b");
        assert_eq!(index.position(text, 99), Position { line: 3, column: 2 });
        assert_eq!(index.line(text, 9), "");
        // Over the borders of blocks, and with characters across them.
        let long = format!("{}\n{}", "é".repeat(300), "aé".repeat(400));
        let index = LineIndex::new(&long);
        let number = |n: usize| u32::try_from(n).unwrap();
        for (at, _) in long.char_indices() {
            let head = &long[..at];
            let column = head.rsplit('\n').next().unwrap().chars().count() + 1;
            let line = head.matches('\n').count() + 1;
            let expected = Position { line: number(line), column: number(column) };
            assert_eq!(index.position(&long, number(at)), expected);
        }
    }
}

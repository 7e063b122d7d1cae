//! Expanded text that remembers where each byte was written.
//!
//! Includes paste pieces of other files into a page before it is parsed. A finding must still point at the line
//! its author wrote, so the text carries segments: from this output offset on, bytes come from that offset of that
//! file.

use crate::base::{RelPath, Span};
use crate::diag::Place;
use std::borrow::Cow;
use std::collections::HashMap;

/// From output offset `out` on, bytes come from `file` at `src`.
#[derive(Clone, Copy, Debug)]
struct Segment {
    out: u32,
    src: u32,
    file: u32,
    /// Whether the bytes are the file's own; text made up by a directive maps to one point.
    verbatim: bool,
}

/// A text and the origin of each of its bytes.
#[derive(Clone, Debug)]
pub struct Mapped<'t> {
    text: Cow<'t, str>,
    segments: Vec<Segment>,
    files: Vec<RelPath>,
    /// Where the files are in `files`, once there are many.
    places: HashMap<RelPath, u32>,
}

/// Files that are looked for one by one.
const FEW: usize = 16;

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl<'t> Mapped<'t> {
    /// A file's text, or its tail from `offset` on.
    pub fn whole(file: RelPath, text: &'t str, offset: usize) -> Self {
        let first = Segment { out: 0, src: small(offset), file: 0, verbatim: true };
        Self {
            text: Cow::Borrowed(&text[offset..]),
            segments: vec![first],
            files: vec![file],
            places: HashMap::new(),
        }
    }

    /// Nothing yet.
    pub fn empty() -> Self {
        Self {
            text: Cow::Owned(String::new()),
            segments: Vec::new(),
            files: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn file_index(&mut self, file: &RelPath) -> u32 {
        if let Some(known) = self.places.get(file) {
            return *known;
        }
        if let Some(at) = self.files.iter().take(FEW).position(|known| known == file) {
            return small(at);
        }
        let at = small(self.files.len());
        self.files.push(file.clone());
        if self.files.len() > FEW {
            self.places.insert(file.clone(), at);
        }
        at
    }

    fn segment(&mut self, src: u32, file: &RelPath, verbatim: bool) {
        let file = self.file_index(file);
        self.segments.push(Segment { out: small(self.text.len()), src, file, verbatim });
    }

    /// Appends bytes of `file` as they stand there from `src` on.
    pub fn push_verbatim(&mut self, text: &str, file: &RelPath, src: usize) {
        if !text.is_empty() {
            self.segment(small(src), file, true);
            self.text.to_mut().push_str(text);
        }
    }

    /// Appends text that stands in no file; it maps to `place`'s beginning.
    pub fn push_made(&mut self, text: &str, place: &Place) {
        if !text.is_empty() {
            self.segment(place.span.start, &place.file, false);
            self.text.to_mut().push_str(text);
        }
    }

    /// Appends a range of another mapped text.
    pub fn push_range(&mut self, other: &Mapped<'_>, range: std::ops::Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let found = other.segments.partition_point(|segment| segment.out as usize <= at).max(1) - 1;
            let Some(segment) = other.segments.get(found).copied() else { break };
            let end =
                other.segments.get(found + 1).map_or(range.end, |next| (next.out as usize).min(range.end));
            let file = other.files[segment.file as usize].clone();
            let src = if segment.verbatim { segment.src + small(at) - segment.out } else { segment.src };
            self.segment(src, &file, segment.verbatim);
            self.text.to_mut().push_str(&other.text[at..end]);
            at = end;
        }
    }

    /// Where a range of the text was written; a range over several files is cut at the first one's end.
    pub fn place(&self, range: std::ops::Range<usize>) -> Place {
        let (file, span) = self.origin(range);
        Place { file: self.files.get(file as usize).cloned().unwrap_or_else(RelPath::root), span }
    }

    /// The same with the file as an index into [`Self::files`].
    pub fn origin(&self, range: std::ops::Range<usize>) -> (u32, Span) {
        let found = self.segments.partition_point(|segment| segment.out as usize <= range.start).max(1) - 1;
        let Some(segment) = self.segments.get(found) else { return (0, Span::default()) };
        if !segment.verbatim {
            return (segment.file, Span { start: segment.src, end: segment.src });
        }
        let limit = self.segments.get(found + 1).map_or(usize::MAX, |next| next.out as usize);
        let shift = |out: usize| segment.src as usize + out - segment.out as usize;
        (segment.file, Span::new(shift(range.start), shift(range.end.min(limit).max(range.start))))
    }

    /// The files that the text was written in.
    pub fn files(&self) -> &[RelPath] {
        &self.files
    }

    /// The file a text position comes from.
    pub fn file_at(&self, offset: usize) -> Option<&RelPath> {
        let found = self.segments.partition_point(|segment| segment.out as usize <= offset).max(1) - 1;
        self.files.get(self.segments.get(found)?.file as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_pasting() {
        let (a, b) = (RelPath::parse("a").unwrap(), RelPath::parse("b").unwrap());
        let page = Mapped::whole(a.clone(), "one {{}} two", 0);
        let mut out = Mapped::empty();
        out.push_range(&page, 0..4);
        out.push_verbatim("INNER", &b, 10);
        out.push_made("!", &page.place(4..8));
        out.push_range(&page, 8..12);
        assert_eq!(out.text(), "one INNER! two");
        assert_eq!(out.place(5..7), Place { file: b, span: Span::new(11, 13) });
        assert_eq!(out.place(9..10), Place { file: a.clone(), span: Span::new(4, 4) });
        assert_eq!(out.place(11..14), Place { file: a, span: Span::new(9, 12) });
    }
}

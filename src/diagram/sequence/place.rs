//! Where everything of a sequence picture stands. Columns are as far apart as the words between them need; rows follow
//! each other. Linear in the number of items times the number of participants.

use super::{Actor, Beside, Block, BlockKind, Item, Look, Message, Note, Sequence};
use crate::diagram::graph::{Facts, Tone};
use crate::diagram::layout::{Point, Rect, Refusal, Size};
use crate::diagram::measure::{Voice, Words, said_kind};
use crate::diagram::text::{ASCENT, LINE, width, wrap};

/// Nobody follows more than this.
const MOST_ACTORS: usize = 300;
/// As [`MOST_ACTORS`], of messages, notes and blocks together.
const MOST_ITEMS: usize = 5_000;
/// Words wider than this are broken.
const WIDEST: f64 = 230.0;
/// At most this many lines of one text are shown.
const MOST_LINES: usize = 20;
/// Between the borders of two participants at least.
const GAP: f64 = 36.0;
/// Around words in boxes.
pub const PAD: f64 = 10.0;
/// Half the width of a bar of work.
pub const BAR: f64 = 5.0;
/// How far a message to oneself reaches out.
const LOOP: f64 = 34.0;
/// The height of a figure or symbol above a participant's name.
pub const FIGURE: f64 = 40.0;
/// A picture taller than this names its participants at its end again.
const TALL: f64 = 520.0;

/// A participant's place.
#[derive(Clone, Debug)]
pub struct Column {
    /// Where its line is.
    pub centre: f64,
    /// Its box: at the top, or where a message creates it.
    pub head: Rect,
    /// Its box again at the end.
    pub foot: Option<Rect>,
    /// Where its line ends.
    pub end: f64,
    /// Whether its line ends with a cross.
    pub destroyed: bool,
    /// The words in its box, from the box's upper left corner.
    pub words: Vec<Words>,
}

/// A message's place.
#[derive(Clone, Debug)]
pub struct Arrow<'s> {
    /// What it is.
    pub message: &'s Message,
    /// Its line.
    pub points: Vec<Point>,
    /// Its words, where they stand in the picture.
    pub words: Vec<Words>,
}

/// A block's place.
#[derive(Clone, Debug)]
pub struct Area<'s> {
    /// What it is.
    pub block: &'s Block,
    /// Its frame.
    pub rect: Rect,
    /// Its parts' conditions, where they stand in the picture.
    pub words: Vec<Words>,
    /// The corner with its kind, if it has one.
    pub corner: Option<(Rect, Words)>,
    /// Where its parts are divided.
    pub dividers: Vec<f64>,
}

/// A picture, placed.
#[derive(Clone, Debug, Default)]
pub struct Plan<'s> {
    /// How large it is.
    pub size: Size,
    /// Participants.
    pub columns: Vec<Column>,
    /// Frames around participants, with their headings.
    pub frames: Vec<(Rect, Vec<Words>, Tone)>,
    /// Messages.
    pub arrows: Vec<Arrow<'s>>,
    /// Notes, with their words.
    pub notes: Vec<(Rect, Vec<Words>)>,
    /// Bars of work.
    pub bars: Vec<Rect>,
    /// Blocks, outer ones first.
    pub boxes: Vec<Area<'s>>,
}

/// Places a picture.
///
/// # Errors
/// When it is too large to be read.
pub fn place(sequence: &Sequence) -> Result<Plan<'_>, Refusal> {
    let items = count(&sequence.items);
    if sequence.actors.len() > MOST_ACTORS || items > MOST_ITEMS {
        let actors = sequence.actors.len();
        return Err(Refusal(format!(
            "a picture of {actors} participants and {items} messages is not drawn; at most {MOST_ACTORS} and {MOST_ITEMS} are"
        )));
    }
    let mut placer = Placer {
        sequence,
        plan: Plan::default(),
        y: 0.0,
        last: 0.0,
        work: Vec::new(),
        born: Vec::new(),
        dying: Vec::new(),
        reach: (f64::MAX, 0.0),
    };
    placer.columns();
    placer.rows(&sequence.items, 0);
    placer.finish();
    Ok(placer.plan)
}

/// How many messages, notes and blocks there are.
fn count(items: &[Item]) -> usize {
    let one = |item: &Item| match item {
        Item::Block(block) => 1 + block.sections.iter().map(|section| count(&section.items)).sum::<usize>(),
        _ => 1,
    };
    items.iter().map(one).sum()
}

/// Lines that fit, with their widths; `at` is yet to be set.
fn set(lines: &[String], voice: Voice, widest: f64) -> Vec<Words> {
    let mut out = Vec::new();
    for line in lines {
        let shown: String = line.chars().filter(|c| !c.is_control()).take(400).collect();
        for text in wrap(&shown, voice.size(), voice.weight(), widest) {
            if out.len() < MOST_LINES {
                let wide = width(&text, voice.size(), voice.weight());
                out.push(Words { text, voice, at: Point::default(), width: wide });
            }
        }
    }
    out
}

/// How large lines are below each other.
fn extent(words: &[Words]) -> Size {
    let wide = words.iter().map(|word| word.width).fold(0.0, f64::max);
    Size { width: wide, height: words.iter().map(|word| word.voice.size() * LINE).sum() }
}

/// Puts lines below each other, their middles on one line.
fn stack(words: &mut [Words], centre: f64, top: f64) {
    let mut y = top;
    for word in words {
        let size = word.voice.size();
        word.at = Point { x: centre, y: y + size * (LINE - 1.0) / 2.0 + size * ASCENT };
        y += size * LINE;
    }
}

fn look_height(look: Look) -> f64 {
    match look {
        Look::Box | Look::Collections => 0.0,
        _ => FIGURE,
    }
}

fn actor_words(actor: &Actor) -> Vec<Words> {
    let Facts { kind, technology, .. } = &actor.facts;
    if kind.is_none() && technology.is_none() {
        return set(&actor.label, Voice::Name, 160.0);
    }
    let mut words = set(&actor.label, Voice::Heading, 160.0);
    words.extend(set(&said_kind(&actor.facts).into_iter().collect::<Vec<_>>(), Voice::Note, 160.0));
    words
}

struct Placer<'s> {
    sequence: &'s Sequence,
    plan: Plan<'s>,
    /// Where the next row begins.
    y: f64,
    /// Where the last message stands.
    last: f64,
    /// Where bars of work began, by participant.
    work: Vec<Vec<f64>>,
    /// Participants that the next message to them creates.
    born: Vec<bool>,
    /// Participants that the next message of theirs ends.
    dying: Vec<bool>,
    /// What the items of the block being placed reach from and to.
    reach: (f64, f64),
}

impl<'s> Placer<'s> {
    /// The columns, as far apart as names and words need, and the heads.
    fn columns(&mut self) {
        let actors = &self.sequence.actors;
        let words: Vec<Vec<Words>> = actors.iter().map(actor_words).collect();
        let sizes: Vec<Size> = words.iter().map(|words| extent(words)).collect();
        let boxes: Vec<f64> = sizes.iter().map(|size| (size.width + 2.0 * PAD).max(70.0)).collect();
        let mut gaps: Vec<f64> = boxes.windows(2).map(|two| f64::midpoint(two[0], two[1]) + GAP).collect();
        let mut needs = Vec::new();
        let mut edges = (0.0, 0.0);
        collect(&self.sequence.items, actors.len(), 0.0, &mut needs, &mut edges);
        needs.sort_by(|a, b| (a.1 - a.0).cmp(&(b.1 - b.0)).then(b.2.total_cmp(&a.2)));
        for (from, to, need) in needs {
            let Some(span) = gaps.get_mut(from..to) else { continue };
            let lacking = need - span.iter().sum::<f64>();
            if lacking > 0.0 {
                #[expect(clippy::cast_precision_loss, reason = "at most 300 participants")]
                let each = lacking / span.len() as f64;
                for gap in span {
                    *gap += each;
                }
            }
        }
        let framed = if self.sequence.boxes.is_empty() { 0.0 } else { 26.0 };
        let heights: Vec<f64> = actors
            .iter()
            .zip(&sizes)
            .map(|(actor, size)| size.height + look_height(actor.look) + 2.0 * PAD)
            .collect();
        let tallest = heights.iter().copied().fold(0.0, f64::max);
        let first = boxes.first().copied().unwrap_or_default();
        let mut centre = 12.0 + (first / 2.0).max(edges.0) + if framed > 0.0 { 10.0 } else { 0.0 };
        for (at, words) in words.into_iter().enumerate() {
            // Names stand on one line, whatever stands above them.
            let y = 8.0 + framed + tallest - heights[at];
            let head = Rect { x: centre - boxes[at] / 2.0, y, width: boxes[at], height: heights[at] };
            let mut column = Column { centre, head, foot: None, end: 0.0, destroyed: false, words };
            stack(&mut column.words, boxes[at] / 2.0, PAD + look_height(actors[at].look));
            self.plan.columns.push(column);
            centre += gaps.get(at).copied().unwrap_or_default();
        }
        let last = self
            .plan
            .columns
            .last()
            .map_or(0.0, |column| column.centre + (column.head.width / 2.0).max(edges.1));
        self.plan.size.width = last + 12.0 + if framed > 0.0 { 10.0 } else { 0.0 };
        self.y = 8.0 + framed + tallest + 14.0;
        self.last = self.y;
        self.work = vec![Vec::new(); actors.len()];
        self.born = vec![false; actors.len()];
        self.dying = vec![false; actors.len()];
    }

    fn rows(&mut self, items: &'s [Item], depth: usize) {
        for item in items {
            match item {
                Item::Message(message) => self.message(message),
                Item::Note(note) => self.note(note),
                Item::Activate(at) => self.work[*at].push(self.last),
                Item::Deactivate(at) => self.rest(*at),
                Item::Create(at) => self.born[*at] = true,
                Item::Destroy(at) => self.dying[*at] = true,
                Item::Block(block) => self.block(block, depth),
            }
        }
    }

    /// Ends the innermost bar of work.
    fn rest(&mut self, at: usize) {
        if let Some(start) = self.work[at].pop() {
            #[expect(clippy::cast_precision_loss, reason = "a few bars at most stand beside each other")]
            let shift = self.work[at].len() as f64 * 4.0;
            let x = self.plan.columns[at].centre - BAR + shift;
            self.plan.bars.push(Rect {
                x,
                y: start,
                width: 2.0 * BAR,
                height: (self.last - start).max(10.0),
            });
        }
    }

    /// Where a message meets a participant's line or bar, coming from the right or from the left.
    fn side(&self, at: usize, right: bool) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a few bars at most stand beside each other")]
        let bars = self.work[at].len() as f64;
        let reach = if bars > 0.0 { BAR + (bars - 1.0) * 4.0 } else { 0.0 };
        let reach = if right { reach } else { -reach.min(BAR) };
        self.plan.columns[at].centre + reach
    }

    fn reach(&mut self, from: f64, to: f64) {
        self.reach = (self.reach.0.min(from), self.reach.1.max(to));
    }

    fn message(&mut self, message: &'s Message) {
        let mut words = set(&message.text, Voice::Note, WIDEST);
        let size = extent(&words);
        let right = message.to >= message.from;
        let created = std::mem::take(&mut self.born[message.to]);
        let y = self.y + size.height + 6.0;
        let mut from = self.side(message.from, right);
        let mut to = self.side(message.to, !right);
        if created {
            let column = &mut self.plan.columns[message.to];
            column.head.y = (y - column.head.height / 2.0).max(self.y);
            let middle = column.head.y + column.head.height / 2.0;
            to = column.head.x + if right { 0.0 } else { column.head.width };
            let bottom = column.head.y + column.head.height;
            stack(&mut words, f64::midpoint(from, to), middle - size.height - 4.0);
            self.last = middle;
            self.y = bottom + 12.0;
            self.plan.arrows.push(Arrow {
                message,
                points: vec![Point { x: from, y: middle }, Point { x: to, y: middle }],
                words,
            });
            self.reach(from.min(to), from.max(to));
            return;
        }
        let points = if message.from == message.to {
            from = self.side(message.from, true);
            let out = from + LOOP;
            let low = y + 20.0;
            stack(&mut words, from + 8.0 + size.width / 2.0, self.y);
            self.reach(from, (from + 12.0 + size.width).max(out + 8.0));
            self.last = low;
            vec![
                Point { x: from, y },
                Point { x: out, y },
                Point { x: out, y: low },
                Point { x: from, y: low },
            ]
        } else {
            stack(&mut words, f64::midpoint(from, to), self.y);
            let middle = f64::midpoint(from, to);
            self.reach(
                from.min(to).min(middle - size.width / 2.0),
                from.max(to).max(middle + size.width / 2.0),
            );
            self.last = y;
            vec![Point { x: from, y }, Point { x: to, y }]
        };
        self.y = self.last + 14.0;
        self.plan.arrows.push(Arrow { message, points, words });
        for at in [message.from, message.to] {
            if std::mem::take(&mut self.dying[at]) {
                while !self.work[at].is_empty() {
                    self.rest(at);
                }
                self.plan.columns[at].end = self.last;
                self.plan.columns[at].destroyed = true;
            }
        }
    }

    fn note(&mut self, note: &'s Note) {
        let centre = |at: usize| self.plan.columns.get(at).map_or(0.0, |column| column.centre);
        let mut words = set(&note.text, Voice::Note, WIDEST);
        let size = extent(&words);
        let wide = size.width + 2.0 * PAD;
        let rect = match note.beside {
            Beside::Left(at) => Rect { x: centre(at) - 12.0 - wide, y: 0.0, width: wide, height: 0.0 },
            Beside::Right(at) => Rect { x: centre(at) + 12.0, y: 0.0, width: wide, height: 0.0 },
            Beside::Over(from, to) => {
                let wide = wide.max(centre(to) - centre(from) + 40.0);
                Rect {
                    x: f64::midpoint(centre(from), centre(to)) - wide / 2.0,
                    y: 0.0,
                    width: wide,
                    height: 0.0,
                }
            }
        };
        let rect = Rect { y: self.y, height: size.height + 12.0, ..rect };
        stack(&mut words, rect.x + rect.width / 2.0, rect.y + 6.0);
        self.reach(rect.x, rect.x + rect.width);
        self.y = rect.y + rect.height + 12.0;
        self.last = rect.y + rect.height;
        self.plan.notes.push((rect, words));
    }

    fn block(&mut self, block: &'s Block, depth: usize) {
        let outer = std::mem::replace(&mut self.reach, (f64::MAX, 0.0));
        let top = self.y;
        let slot = self.plan.boxes.len();
        self.plan.boxes.push(Area {
            block,
            rect: Rect::default(),
            words: Vec::new(),
            corner: None,
            dividers: Vec::new(),
        });
        let kind = block.kind.name();
        let corner = width(kind, Voice::Note.size(), Voice::Heading.weight()) + 16.0;
        let mut labels = Vec::new();
        let mut dividers = Vec::new();
        for (at, section) in block.sections.iter().enumerate() {
            if at > 0 {
                dividers.push(self.y);
            }
            let said: Vec<String> = section
                .label
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(" ")
                .lines()
                .map(|line| format!("[{line}]"))
                .collect();
            let words = set(&said, Voice::Note, WIDEST * 1.5);
            let high =
                if block.kind == BlockKind::Rect { 8.0 } else { extent(&words).height.max(18.0) + 6.0 };
            labels.push((words, self.y));
            self.y += high;
            self.last = self.y;
            self.rows(&section.items, depth + 1);
        }
        let (from, to) = if self.reach.0 > self.reach.1 { self.everything() } else { self.reach };
        let (from, mut to) = (from - 14.0, to + 14.0);
        let widest = labels.iter().map(|(words, _)| extent(words).width).fold(0.0, f64::max);
        to = to.max(from + corner + widest + 20.0);
        let rect = Rect { x: from, y: top, width: to - from, height: self.y - top };
        let mut words = Vec::new();
        for (at, (mut label, y)) in labels.into_iter().enumerate() {
            let wide = extent(&label).width;
            let left = rect.x + if at == 0 { corner + 8.0 } else { 10.0 };
            stack(&mut label, left + wide / 2.0, y + 3.0);
            words.extend(label);
        }
        let corner = (!kind.is_empty()).then(|| {
            let area = Rect { x: rect.x, y: rect.y, width: corner, height: 20.0 };
            let wide = width(kind, Voice::Note.size(), Voice::Note.weight());
            let at = Point { x: area.x + area.width / 2.0 - 2.0, y: area.y + 14.0 };
            (area, Words { text: kind.to_owned(), voice: Voice::Note, at, width: wide })
        });
        let place = &mut self.plan.boxes[slot];
        (place.rect, place.words, place.corner, place.dividers) = (rect, words, corner, dividers);
        self.reach = (outer.0.min(rect.x), outer.1.max(rect.x + rect.width));
        self.y += 12.0;
    }

    /// From the first column to the last, for a block with nothing in it.
    fn everything(&self) -> (f64, f64) {
        let centre = |column: Option<&Column>| column.map_or(20.0, |column| column.centre);
        (centre(self.plan.columns.first()), centre(self.plan.columns.last()))
    }

    fn finish(&mut self) {
        self.last = self.y;
        for at in 0..self.work.len() {
            while !self.work[at].is_empty() {
                self.rest(at);
            }
        }
        let bottom = self.y + 6.0;
        let again = bottom > TALL;
        let mut end = bottom;
        for column in &mut self.plan.columns {
            if column.destroyed {
                end = end.max(column.end + 10.0);
                continue;
            }
            column.end = bottom;
            if again {
                column.foot = Some(Rect { y: bottom, ..column.head });
                end = end.max(bottom + column.head.height);
            }
        }
        let mut low = 0.0_f64;
        let mut high = self.plan.size.width;
        for rect in
            self.plan.boxes.iter().map(|place| place.rect).chain(self.plan.notes.iter().map(|note| note.0))
        {
            low = low.min(rect.x - 8.0);
            high = high.max(rect.x + rect.width + 8.0);
        }
        for word in self.plan.arrows.iter().flat_map(|arrow| &arrow.words) {
            low = low.min(word.at.x - word.width / 2.0 - 8.0);
            high = high.max(word.at.x + word.width / 2.0 + 8.0);
        }
        self.frames(end);
        self.plan.size =
            Size { width: high - low, height: end + if self.sequence.boxes.is_empty() { 8.0 } else { 18.0 } };
        self.shift(-low);
    }

    fn frames(&mut self, end: f64) {
        for (at, frame) in self.sequence.boxes.iter().enumerate() {
            let inside = self
                .sequence
                .actors
                .iter()
                .zip(&self.plan.columns)
                .filter(|(actor, _)| actor.frame == Some(at));
            let rects: Vec<Rect> = inside.map(|(_, column)| column.head).collect();
            let (Some(first), Some(last)) = (rects.first(), rects.last()) else { continue };
            let mut words = set(&frame.label, Voice::Note, WIDEST * 2.0);
            let (left, right) = (first.x - 10.0, last.x + last.width + 10.0);
            let rect = Rect { x: left, y: 4.0, width: right - left, height: end + 6.0 };
            stack(&mut words, f64::midpoint(left, right), 9.0);
            self.plan.frames.push((rect, words, frame.facts.tone));
        }
    }

    /// Moves everything to the right.
    fn shift(&mut self, by: f64) {
        let plan = &mut self.plan;
        let move_words = |words: &mut Vec<Words>| words.iter_mut().for_each(|word| word.at.x += by);
        for column in &mut plan.columns {
            column.centre += by;
            column.head.x += by;
            if let Some(foot) = &mut column.foot {
                foot.x += by;
            }
        }
        for (rect, words, _) in &mut plan.frames {
            rect.x += by;
            move_words(words);
        }
        for (rect, words) in &mut plan.notes {
            rect.x += by;
            move_words(words);
        }
        for arrow in &mut plan.arrows {
            arrow.points.iter_mut().for_each(|point| point.x += by);
            move_words(&mut arrow.words);
        }
        plan.bars.iter_mut().for_each(|bar| bar.x += by);
        for place in &mut plan.boxes {
            place.rect.x += by;
            move_words(&mut place.words);
            if let Some((area, word)) = &mut place.corner {
                area.x += by;
                word.at.x += by;
            }
        }
    }
}

/// How far apart columns must be for the words between them, and what needs room beyond the first and the last.
fn collect(
    items: &[Item],
    actors: usize,
    inset: f64,
    needs: &mut Vec<(usize, usize, f64)>,
    edges: &mut (f64, f64),
) {
    let wide = |lines: &[String]| extent(&set(lines, Voice::Note, WIDEST)).width;
    let mut beside = |at: usize, left: bool, need: f64, needs: &mut Vec<(usize, usize, f64)>| match (left, at)
    {
        (true, 0) => edges.0 = edges.0.max(need),
        (true, at) => needs.push((at - 1, at, need)),
        (false, at) if at + 1 >= actors => edges.1 = edges.1.max(need),
        (false, at) => needs.push((at, at + 1, need)),
    };
    for item in items {
        match item {
            Item::Message(message) if message.from == message.to => {
                let need = (wide(&message.text) + 24.0).max(LOOP + 16.0) + BAR + inset;
                beside(message.from, false, need, needs);
            }
            Item::Message(message) => {
                let (from, to) = (message.from.min(message.to), message.from.max(message.to));
                let number = if message.number.is_some() { 22.0 } else { 0.0 };
                needs.push((from, to, wide(&message.text) + 26.0 + number));
            }
            Item::Note(note) => {
                let need = wide(&note.text) + 2.0 * PAD;
                match note.beside {
                    Beside::Left(at) => beside(at, true, need + 24.0 + inset, needs),
                    Beside::Right(at) => beside(at, false, need + 24.0 + inset, needs),
                    Beside::Over(from, to) if from == to => {
                        beside(from, true, need / 2.0 + 12.0, needs);
                        beside(from, false, need / 2.0 + 12.0, needs);
                    }
                    Beside::Over(from, to) => needs.push((from, to, need - 40.0)),
                }
            }
            _ => {}
        }
    }
    for item in items {
        if let Item::Block(block) = item {
            for section in &block.sections {
                collect(&section.items, actors, inset + 14.0, needs, edges);
            }
        }
    }
}

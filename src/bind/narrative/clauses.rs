//! Tokens of a paragraph → drafts of statements: every figure with its subject, verb and period.
//!
//! A clause is read from left to right up to each figure. What stands between the figure before it (or the stop)
//! and the figure says what it is: `占`, `完成`, a verb of change, a comparison, or only a subject.

use rust_decimal::Decimal;

use super::subject::{Subject, after_figure, subject_of};
use super::tokens::{Figure, Located, Reading, Token};
use crate::base::amount::Unit;
use crate::base::text::{as_squashed, is_blank, key, squash};
use crate::model::{Direction, StatementKind};
use crate::spec::Narrative;
use crate::spec::narrative::{UnitKind, Word};

/// A statement before its references are found.
#[derive(Clone, Debug)]
pub struct Draft {
    pub kind: StatementKind,
    pub subject: String,
    /// [`key`] of the subject: every later statement asks for it.
    pub subject_key: String,
    pub measure: Option<String>,
    pub year: Option<i32>,
    pub base_year: Option<i32>,
    pub direction: Option<Direction>,
    pub printed: String,
    pub value: Decimal,
    pub unit: Unit,
    /// The words after 占 or 完成 that name the whole.
    pub whole: Option<String>,
    /// Characters of the clause.
    pub clause: (usize, usize),
    /// Characters of the figure.
    pub at: (usize, usize),
    pub paragraph: usize,
    pub sentence: usize,
    /// In brackets or in an explanation: speaks of something beside the sentence.
    pub is_aside: bool,
    /// The amount of an earlier year that a change is reckoned from.
    pub is_prior: bool,
    /// The list of parts that it stands in.
    pub list: Option<usize>,
}

/// A list of parts: 其中：….
#[derive(Clone, Debug)]
pub struct List {
    pub paragraph: usize,
    /// Number of drafts before it.
    pub opened_at: usize,
}

/// What a paragraph says.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    pub drafts: Vec<Draft>,
    pub lists: Vec<List>,
    /// Sentences so far, over all paragraphs.
    pub sentences: usize,
    /// A list that the last paragraph opened at its end; its parts are the next paragraphs.
    pub pending_list: Option<usize>,
    /// Figures that look like money and have no unit: characters in the paragraph.
    pub bare: Vec<(usize, usize, usize)>,
}

/// What has been read of the sentence so far.
struct Clause {
    depth: usize,
    in_reason: bool,
    /// Behind 主要用于: amounts are portions, not the measure they are named by.
    in_purpose: bool,
    comparison: Option<i32>,
    year: Option<i32>,
    /// Token and character from which the next subject is read.
    token: usize,
    cursor: usize,
    after_figure: bool,
    /// Open lists with the part of the sentence (between semicolons) that opened them.
    lists: Vec<(usize, usize)>,
    part: usize,
    sentence_start: usize,
    sentence_has_figure: bool,
    /// What generic subjects (年初预算, 涉及金额) speak of.
    topic: Option<String>,
}

/// Reads one paragraph; `heading` is the title above it.
pub fn tokens_to_drafts(
    out: &mut Drafts,
    paragraph: usize,
    reading: &Reading<'_>,
    heading: Option<&str>,
    fiscal_year: Option<i32>,
    vocabulary: &Narrative,
) {
    let clauses = clause_bounds(reading);
    let mut state = Clause {
        depth: 0,
        in_reason: false,
        in_purpose: false,
        comparison: None,
        year: None,
        token: 0,
        cursor: 0,
        after_figure: false,
        lists: out.pending_list.map(|list| (list, 0)).into_iter().collect(),
        part: 0,
        sentence_start: 0,
        sentence_has_figure: false,
        topic: heading.map(str::to_string),
    };
    let mut opened_last: Option<usize> = None;
    out.sentences += 1;
    for (index, located) in reading.tokens.iter().enumerate() {
        match &located.token {
            Token::Open => state.depth += 1,
            Token::Close => state.depth = state.depth.saturating_sub(1),
            Token::Stop => {
                if !state.sentence_has_figure && state.depth == 0 {
                    let topic = topic_of_sentence(reading, state.sentence_start, located.start, vocabulary);
                    state.topic = topic.or(state.topic.take());
                }
                out.sentences += 1;
                state.depth = 0;
                state.in_reason = false;
                state.in_purpose = false;
                state.comparison = None;
                state.year = None;
                state.lists.clear();
                state.part = 0;
                state.sentence_start = located.end;
                state.sentence_has_figure = false;
                move_cursor(&mut state, index + 1, located.end, false);
            }
            Token::Semicolon => {
                state.in_reason = false;
                state.in_purpose = false;
                state.comparison = None;
                if state.lists.len() > 1 && state.lists.last().is_some_and(|(_, part)| *part == state.part) {
                    state.lists.pop();
                }
                state.part += 1;
                move_cursor(&mut state, index + 1, located.end, false);
            }
            Token::Comma | Token::Colon if state.depth == 0 => move_cursor(&mut state, index + 1, located.end, false),
            Token::Pause
                if state.depth == 0 && state.after_figure && is_blank_between(reading, &state, located.start) =>
            {
                move_cursor(&mut state, index + 1, located.end, false);
            }
            Token::Word(Word::Reason) if state.depth == 0 => state.in_reason = true,
            Token::Word(Word::Purpose) if state.depth == 0 => state.in_purpose = true,
            Token::Word(Word::List) if state.depth == 0 => {
                state.in_reason = false;
                state.in_purpose = false;
                out.lists.push(List { paragraph, opened_at: out.drafts.len() });
                state.lists.push((out.lists.len() - 1, state.part));
                let ends_paragraph = reading.tokens[index + 1..].iter().all(|rest| {
                    matches!(rest.token, Token::Colon | Token::Comma)
                        || reading.text(rest.start, rest.end).trim().is_empty()
                });
                opened_last = ends_paragraph.then_some(out.lists.len() - 1);
                move_cursor(&mut state, index + 1, located.end, false);
            }
            Token::Year(year) if state.depth == 0 && !is_compared(reading, index) => state.year = Some(*year),
            Token::Figure(figure) => {
                let bounds = clauses
                    .iter()
                    .find(|(start, end)| (*start..*end).contains(&located.start))
                    .copied()
                    .unwrap_or((located.start, located.end));
                if let Some(mut draft) =
                    figure_to_draft(reading, index, located, figure, &mut state, fiscal_year, vocabulary)
                {
                    draft.paragraph = paragraph;
                    draft.sentence = out.sentences;
                    draft.clause = bounds;
                    draft.list = state.lists.last().map(|(list, _)| *list);
                    state.sentence_has_figure = true;
                    opened_last = None;
                    let moves = draft.kind != StatementKind::Threshold && state.depth == 0;
                    out.drafts.push(draft);
                    if moves {
                        move_cursor(&mut state, index + 1, located.end, true);
                    }
                } else if looks_like_money(figure) && !is_score(reading, located, vocabulary) {
                    out.bare.push((paragraph, located.start, figure.digits_end));
                }
            }
            _ => {}
        }
    }
    if let Some(list) = opened_last {
        out.pending_list = Some(list);
    }
}

/// What a sentence without a figure speaks of; nothing for one that says what money is for.
fn topic_of_sentence(reading: &Reading<'_>, start: usize, end: usize, vocabulary: &Narrative) -> Option<String> {
    const LONGEST: usize = 60;
    let is_purpose = |located: &Located| located.token == Token::Word(Word::Purpose);
    if reading.tokens_within(start, end).iter().any(is_purpose) {
        return None;
    }
    subject_of(reading, start, end, false, None, vocabulary).own.filter(|text| text.chars().count() <= LONGEST)
}

fn move_cursor(state: &mut Clause, token: usize, cursor: usize, after_figure: bool) {
    state.token = token;
    state.cursor = cursor;
    state.after_figure = after_figure;
}

/// 评价得分83.06.
fn is_score(reading: &Reading<'_>, figure: &Located, vocabulary: &Narrative) -> bool {
    let before = as_squashed(reading.text(0, figure.start));
    let before = before.trim_end_matches(['为', '：', ':']);
    vocabulary.phrases.scores.iter().any(|score| before.ends_with(score.as_str()))
}

/// Digits with separators or decimals but no unit: something that ought to be understood.
fn looks_like_money(figure: &Figure) -> bool {
    figure.unit.is_none() && (figure.printed.contains(',') || figure.value.is_some_and(|value| value.scale() == 2))
}

fn is_blank_between(reading: &Reading<'_>, state: &Clause, end: usize) -> bool {
    reading.text(state.cursor, end).chars().all(|c| is_blank(c) || matches!(c, '）' | ')'))
}

/// True where the year is the one that something is compared with.
fn is_compared(reading: &Reading<'_>, index: usize) -> bool {
    index.checked_sub(1).is_some_and(|before| {
        matches!(reading.tokens.get(before), Some(Located { token: Token::Word(Word::Than), .. }))
    })
}

fn clause_bounds(reading: &Reading) -> Vec<(usize, usize)> {
    let mut bounds = Vec::new();
    let mut depth = 0usize;
    let mut start = 0;
    for (index, located) in reading.tokens.iter().enumerate() {
        match located.token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        let after_figure = index
            .checked_sub(1)
            .and_then(|before| reading.tokens.get(before))
            .is_some_and(|before| matches!(before.token, Token::Figure(_)));
        let ends = match located.token {
            Token::Stop | Token::Semicolon => true,
            Token::Comma => depth == 0,
            Token::Pause => depth == 0 && after_figure,
            _ => false,
        };
        if ends {
            depth = 0;
            bounds.push((start, located.start));
            start = located.end;
        }
    }
    bounds.push((start, reading.folded.len()));
    bounds
}

/// The words between the cursor and a figure, by what they do.
#[derive(Default)]
struct Before {
    share: Option<usize>,
    completion: Option<usize>,
    change: Option<(usize, Direction)>,
    to: bool,
    each: bool,
    bound: bool,
    /// Token of 比 with the year that follows it.
    than: Option<(usize, i32)>,
}

fn words_before(reading: &Reading<'_>, from: usize, to: usize, year: Option<i32>) -> Before {
    let mut before = Before::default();
    for index in from..to {
        let Some(located) = reading.tokens.get(index) else { break };
        match located.token {
            Token::Word(Word::Share) => before.share = Some(index),
            Token::Word(Word::Completion) => before.completion = Some(index),
            Token::Word(Word::Increase) => before.change = Some((index, Direction::Increase)),
            Token::Word(Word::Decrease) => before.change = Some((index, Direction::Decrease)),
            Token::Word(Word::To) => before.to = true,
            Token::Word(Word::Each) => before.each = true,
            Token::Word(Word::BoundBefore) => before.bound = true,
            Token::Word(Word::Than) => {
                let base = match reading.tokens.get(index + 1).map(|next| &next.token) {
                    Some(Token::Year(base)) => Some(*base),
                    Some(Token::Word(Word::Prior)) => year.map(|year| year - 1),
                    _ => None,
                };
                if let Some(base) = base {
                    before.than = Some((index, base));
                }
            }
            _ => {}
        }
    }
    before
}

fn figure_to_draft(
    reading: &Reading<'_>,
    index: usize,
    located: &Located,
    figure: &Figure,
    state: &mut Clause,
    fiscal_year: Option<i32>,
    vocabulary: &Narrative,
) -> Option<Draft> {
    let value = figure.value?;
    let (word, unit_kind) = figure.unit.as_ref()?;
    let is_ordinal = located.start.checked_sub(1).and_then(|before| reading.folded.get(before)) == Some(&'第');
    if *unit_kind == UnitKind::Ignored || is_ordinal {
        return None;
    }
    // Inside brackets the bracket is where reading begins.
    let (from_token, from) = if state.depth > 0 {
        let open =
            reading.tokens[..index].iter().rposition(|earlier| earlier.token == Token::Open).unwrap_or(state.token);
        (open + 1, reading.tokens.get(open).map_or(state.cursor, |open| open.end))
    } else {
        (state.token, state.cursor)
    };
    let year = state.year.or(fiscal_year);
    let before = words_before(reading, from_token, index, year);
    if let Some((_, base)) = before.than {
        state.comparison = Some(base);
    } else if state.comparison.is_none() {
        state.comparison = comparison_of_sentence(reading, state.sentence_start, located.start, year);
    }
    let (kind, direction) = kind_of(reading, index, located, *unit_kind, &before);
    let is_change = matches!(kind, StatementKind::Change | StatementKind::ChangeRate);
    let is_prior = before.than.is_some() && kind == StatementKind::Amount && before.change.is_none();
    let verb = match kind {
        StatementKind::Share => before.share,
        StatementKind::CompletionRate => before.completion,
        StatementKind::Change | StatementKind::ChangeRate => before.change.map(|(at, _)| at),
        _ => None,
    };
    let end = verb.and_then(|at| reading.tokens.get(at)).map_or(located.start, |verb| verb.start);
    // The subject of a change stands before or behind the comparison: 支出比上年增加, 比上年支出增加.
    let behind = before
        .than
        .filter(|_| is_change)
        .map(|(than, _)| (than, super::subject::behind_comparison(reading, than, end, vocabulary).max(from)));
    let start = behind.map_or(from, |(_, behind)| behind);
    let aside = state.depth > 0 || state.in_reason || (state.in_purpose && kind == StatementKind::Amount);
    let topic = if is_change || verb.is_some() { None } else { state.topic.as_deref() };
    let mut subject = subject_of(reading, start, end, state.after_figure, topic, vocabulary);
    if let Some((than, _)) = behind
        && subject.full.is_empty()
        && let Some(than) = reading.tokens.get(than)
        && let Some(own) = subject_of(reading, from, than.start.max(from), state.after_figure, None, vocabulary).own
    {
        subject = Subject { full: own.clone(), own: Some(own) };
    }
    if matches!(kind, StatementKind::Count | StatementKind::Area) && subject.own.is_none() {
        subject.own = after_figure(reading, located.end);
        subject.full = subject.own.clone().unwrap_or(subject.full);
    }
    // A verb with its own object: 减少部门支出1,653万元.
    let object = verb.filter(|_| is_change).and_then(|at| object_of(reading, at, index));
    let Subject { own, full } = subject;
    let full = object.unwrap_or(full);
    if verb.is_none()
        && !aside
        && !is_prior
        && let Some(own) = &own
    {
        state.topic = Some(own.clone());
    }
    Some(Draft {
        kind,
        measure: vocabulary.measure(&full).filter(|_| !aside).map(str::to_string),
        subject_key: key(&full),
        subject: full,
        year: if is_prior { before.than.map(|(_, base)| base) } else { year },
        base_year: if is_change { state.comparison } else { None },
        direction,
        printed: figure.printed.clone(),
        value,
        unit: Unit::from_word(word),
        whole: match kind {
            StatementKind::Share | StatementKind::CompletionRate => verb
                .and_then(|at| reading.tokens.get(at))
                .and_then(|verb| subject_of(reading, verb.end, located.start, false, None, vocabulary).own),
            _ => None,
        },
        clause: (0, 0),
        at: (located.start, figure.digits_end),
        paragraph: 0,
        sentence: 0,
        is_aside: aside,
        is_prior,
        list: None,
    })
}

/// 与上年相比，… : the comparison may stand in a clause of its own before the change.
fn comparison_of_sentence(reading: &Reading<'_>, start: usize, end: usize, year: Option<i32>) -> Option<i32> {
    let from = reading.tokens.iter().position(|located| located.start >= start)?;
    let to = reading.tokens.iter().position(|located| located.start >= end)?;
    words_before(reading, from, to, year).than.map(|(_, base)| base)
}

fn kind_of(
    reading: &Reading<'_>,
    index: usize,
    located: &Located,
    unit: UnitKind,
    before: &Before,
) -> (StatementKind, Option<Direction>) {
    let bound_after = is_bound(reading, index);
    let is_rate = matches!(unit, UnitKind::Percent | UnitKind::Times);
    let position = |at: Option<usize>| at.map_or(-1, |at| at as i64);
    let change = before.change.filter(|(at, _)| {
        position(Some(*at)) > position(before.share) && position(Some(*at)) > position(before.completion) && !before.to
    });
    if bound_after || (before.bound && change.is_none()) {
        return (StatementKind::Threshold, None);
    }
    if unit == UnitKind::Money && (before.each || is_per(reading, located.end)) {
        return (StatementKind::UnitPrice, None);
    }
    if let Some((_, direction)) = change {
        let kind = if is_rate { StatementKind::ChangeRate } else { StatementKind::Change };
        return (kind, Some(direction));
    }
    let kind = match unit {
        UnitKind::Percent | UnitKind::Times if before.share > before.completion => StatementKind::Share,
        UnitKind::Percent | UnitKind::Times if before.completion.is_some() => StatementKind::CompletionRate,
        UnitKind::Percent | UnitKind::Times => StatementKind::Ratio,
        UnitKind::Area => StatementKind::Area,
        UnitKind::Count => StatementKind::Count,
        UnitKind::Money | UnitKind::Ignored => StatementKind::Amount,
    };
    (kind, None)
}

/// 50万元（原值）以上.
fn is_bound(reading: &Reading<'_>, index: usize) -> bool {
    let mut rest = reading.tokens.get(index + 1..).unwrap_or_default().iter().map(|located| &located.token);
    match rest.next() {
        Some(Token::Word(Word::BoundAfter)) => true,
        Some(Token::Open) => {
            rest.by_ref().take(3).any(|token| *token == Token::Close)
                && matches!(rest.next(), Some(Token::Word(Word::BoundAfter)))
        }
        _ => false,
    }
}

/// 90元/月.
fn is_per(reading: &Reading<'_>, end: usize) -> bool {
    reading.folded.get(end) == Some(&'/')
}

/// What stands between a verb of change and its figure, where it is more than filler.
fn object_of(reading: &Reading<'_>, verb: usize, figure: usize) -> Option<String> {
    let between = reading.tokens.get(verb + 1..figure)?;
    if between.iter().all(|located| !matches!(located.token, Token::Text | Token::Year(_))) {
        return None;
    }
    let (first, last) = (between.first()?, between.last()?);
    let text = squash(reading.text(first.start, last.end));
    (!text.is_empty()).then_some(text)
}

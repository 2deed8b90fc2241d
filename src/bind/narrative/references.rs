//! Which amount a share, a change or a part speaks of.
//!
//! The grammar of a sentence often leaves two readings: in `收入80万元，其中：拨款60万元，比上年增加5万元` the change may
//! be of the whole or of the part. The figures decide where they can: a reading under which the printed percentage
//! holds wins over one under which it does not. Where no reading holds, the nearest stays (a check then says so);
//! where nothing tells one reading from another, there is no reference.

use rust_decimal::Decimal;

use super::clauses::{Draft, Drafts};
use crate::base::amount::{Interval, Unit};
use crate::base::text::key;
use crate::model::{Direction, StatementKind};

/// Indices of the statements that one refers to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reference {
    pub of: Option<usize>,
    pub part: Option<usize>,
    pub base: Option<usize>,
    pub part_of: Option<usize>,
}

/// References of all drafts; `headings` by paragraph.
pub fn find(all: &Drafts, headings: &[Option<usize>]) -> Vec<Reference> {
    let drafts = &all.drafts;
    let mut references = vec![Reference::default(); drafts.len()];
    for (index, draft) in drafts.iter().enumerate() {
        match draft.kind {
            StatementKind::Share => references[index].part = part_of_share(drafts, index),
            StatementKind::CompletionRate => {
                (references[index].part, references[index].of) = completion(drafts, index);
            }
            _ => {}
        }
    }
    for (opened, Items { items, shares }) in all.lists.iter().zip(items_of_lists(all, &references)) {
        let heads = heads_of_section(drafts, headings, opened.opened_at, opened.paragraph).take(12);
        let heads = heads.filter(|head| !items.contains(head));
        let candidates: Vec<Whole> = heads.map(|at| Whole { at, votes: votes_for(drafts, at, &shares) }).collect();
        for item in &items {
            references[*item].part_of = whole_of(drafts, *item, &items, &candidates);
        }
        for (share, part) in shares {
            references[share].of = references[part].part_of;
        }
    }
    for index in 0..drafts.len() {
        let draft = &drafts[index];
        match draft.kind {
            StatementKind::Share if references[index].of.is_none() => {
                references[index].of = whole_of_share(drafts, headings, &references, index);
            }
            StatementKind::Change if !draft.is_aside => {
                let rate = rate_of(drafts, index);
                let (of, base) = changed(drafts, headings, &references, index, rate);
                references[index].of = of;
                references[index].base = base;
                if let Some(rate) = rate {
                    references[rate].of = of;
                    references[rate].base = base;
                }
            }
            StatementKind::ChangeRate if !draft.is_aside && references[index].of.is_none() => {
                (references[index].of, references[index].base) =
                    changed(drafts, headings, &references, index, Some(index));
            }
            _ => {}
        }
    }
    references
}

/// The parts that a list gives, and the shares of them that name no whole, each with its part.
#[derive(Clone, Debug, Default)]
struct Items {
    items: Vec<usize>,
    shares: Vec<(usize, usize)>,
}

fn items_of_lists(all: &Drafts, references: &[Reference]) -> Vec<Items> {
    let list_of = |draft: &Draft| draft.list.filter(|_| is_head(draft));
    let mut lists = vec![Items::default(); all.lists.len()];
    for (index, (draft, reference)) in all.drafts.iter().zip(references).enumerate() {
        if let Some(list) = list_of(draft).and_then(|list| lists.get_mut(list)) {
            list.items.push(index);
        }
        let part = reference.part.filter(|_| draft.kind == StatementKind::Share && draft.whole.is_none());
        let list = part.and_then(|part| list_of(all.drafts.get(part)?)).and_then(|list| lists.get_mut(list));
        if let (Some(part), Some(list)) = (part, list) {
            list.shares.push((index, part));
        }
    }
    lists
}

/// A figure of the body's own: not in brackets, no explanation, no earlier year.
fn is_head(draft: &Draft) -> bool {
    !draft.is_aside && !draft.is_prior && matches!(draft.kind, StatementKind::Amount | StatementKind::Count)
}

/// The heads before a draft, the nearest first.
fn heads_before(drafts: &[Draft], before: usize) -> impl Iterator<Item = usize> + '_ {
    (0..before).rev().filter(|i| is_head(&drafts[*i]))
}

/// Those of them that stand in the same paragraph.
fn heads_of_paragraph(drafts: &[Draft], before: usize) -> impl Iterator<Item = usize> + '_ {
    let own = drafts.get(before).map(|draft| draft.paragraph);
    heads_before(drafts, before).take_while(move |i| Some(drafts[*i].paragraph) == own)
}

/// Those of them that stand under the heading of a paragraph.
fn heads_of_section<'a>(
    drafts: &'a [Draft],
    headings: &'a [Option<usize>],
    before: usize,
    paragraph: usize,
) -> impl Iterator<Item = usize> + 'a {
    let own = headings.get(paragraph);
    heads_before(drafts, before).take_while(move |i| headings.get(drafts[*i].paragraph) == own)
}

/// Same money or same counted unit.
fn is_alike(a: &Draft, b: &Draft) -> bool {
    a.unit.is_money() && b.unit.is_money() || a.unit == b.unit
}

/// What the figure may have been before rounding, money in yuan.
pub fn interval_of(value: Decimal, unit: &Unit) -> Interval {
    match unit.yuan() {
        Some(yuan) => Interval::of_printed(value) * yuan,
        None => Interval::of_printed(value),
    }
}

fn interval(draft: &Draft) -> Interval {
    interval_of(draft.value, &draft.unit)
}

/// `占…%` speaks of the amount before it in the sentence, unless it names a subject of its own.
fn part_of_share(drafts: &[Draft], index: usize) -> Option<usize> {
    let share = &drafts[index];
    let before = (0..index).rev().take_while(|i| drafts[*i].sentence == share.sentence);
    let part = before.into_iter().find(|i| {
        is_head(&drafts[*i]) || drafts[*i].is_aside == share.is_aside && drafts[*i].kind == StatementKind::Amount
    })?;
    let names_other = !share.subject.is_empty() && !agree(&share.subject_key, &drafts[part]);
    (!names_other && !drafts[part].is_prior).then_some(part)
}

/// `年初预算为80万元，支出决算为60万元，完成年初预算的75%`: the two amounts directly before.
fn completion(drafts: &[Draft], index: usize) -> (Option<usize>, Option<usize>) {
    let mut heads = heads_of_paragraph(drafts, index);
    let (Some(actual), Some(budget)) = (heads.next(), heads.next()) else { return (None, None) };
    let adjacent = budget + 1 == actual && actual + 1 == index;
    let fits = adjacent
        && is_planned(&drafts[budget])
        && !is_planned(&drafts[actual])
        && is_alike(&drafts[actual], &drafts[budget]);
    if fits { (Some(actual), Some(budget)) } else { (None, None) }
}

/// True where the last that the subject says is that it was planned: 一般公共预算支出决算 was spent.
fn is_planned(draft: &Draft) -> bool {
    let subject = draft.subject_key.as_str();
    let last = |words: &[&str]| words.iter().filter_map(|word| subject.rfind(word)).max();
    last(&["预算"]) > last(&["决算", "执行数"])
}

/// An amount that a list may give the parts of, and how many of the list's shares are shares of it.
struct Whole {
    at: usize,
    votes: usize,
}

/// How many shares hold where this is the whole of their parts.
fn votes_for(drafts: &[Draft], whole: usize, shares: &[(usize, usize)]) -> usize {
    let holds = |(share, part): &&(usize, usize)| {
        !drafts[*part].value.is_zero()
            && is_alike(&drafts[*part], &drafts[whole])
            && percent_fits(&drafts[*share], interval(&drafts[*part]), interval(&drafts[whole]))
    };
    shares.iter().filter(holds).count()
}

/// The whole of a list: the amount to which its shares hold, to which its parts add up, or the nearest before it.
fn whole_of(drafts: &[Draft], item: usize, items: &[usize], candidates: &[Whole]) -> Option<usize> {
    let candidates = || candidates.iter().filter(|whole| is_alike(&drafts[whole.at], &drafts[item]));
    let most = candidates().map(|whole| whole.votes).max()?;
    if most > 0 {
        return candidates().find(|whole| whole.votes == most).map(|whole| whole.at);
    }
    let alike = || items.iter().map(|i| &drafts[*i]).filter(|other| is_alike(other, &drafts[item]));
    let is_sum = alike().filter(|other| !other.value.is_zero()).count() >= 2;
    let sum = is_sum.then(|| alike().map(interval).reduce(|a, b| a + b)).flatten();
    let summed = sum.and_then(|sum| candidates().find(|whole| interval(&drafts[whole.at]).meets(&sum)));
    summed.or_else(|| candidates().next()).map(|whole| whole.at)
}

/// 占本年支出合计的…%: an amount with those words; without words the amount under the same heading that fits.
fn whole_of_share(
    drafts: &[Draft],
    headings: &[Option<usize>],
    references: &[Reference],
    index: usize,
) -> Option<usize> {
    let share = &drafts[index];
    let part = references[index].part?;
    let fits = |whole: &usize| percent_fits(share, interval(&drafts[part]), interval(&drafts[*whole]));
    if share.whole.is_none() {
        return heads_of_section(drafts, headings, index, share.paragraph)
            .filter(|i| *i != part && is_alike(&drafts[*i], &drafts[part]) && !drafts[part].value.is_zero())
            .find(fits);
    }
    let words = key(share.whole.as_deref().unwrap_or_default());
    let named = || {
        heads_before(drafts, index)
            .filter(|i| *i != part && is_alike(&drafts[*i], &drafts[part]) && agree(&words, &drafts[*i]))
    };
    let agreed = |first: &usize| named().all(|i| drafts[i].value == drafts[*first].value);
    let is_another = || {
        let same = |i: &usize| headings.get(drafts[*i].paragraph) == headings.get(share.paragraph);
        make_a_whole(drafts, references, (0..drafts.len()).filter(same).filter(|i| drafts[*i].whole == share.whole))
    };
    named().find(fits).or_else(|| named().next().filter(|first| agreed(first) && !is_another()))
}

/// True where these shares are those of their own parts in the sum of these: 占本年支出预算 speaks of less than 支出预算, which
/// holds what is carried over to the next year too (北京民政局 2026, p6).
fn make_a_whole(drafts: &[Draft], references: &[Reference], shares: impl Iterator<Item = usize>) -> bool {
    let parts: Vec<(usize, usize)> = shares
        .filter(|i| drafts[*i].kind == StatementKind::Share)
        .filter_map(|share| Some((share, references[share].part?)))
        .collect();
    let sum = parts.iter().map(|(_, part)| interval(&drafts[*part])).reduce(|a, b| a + b);
    let fits =
        |sum: Interval| parts.iter().all(|(share, part)| percent_fits(&drafts[*share], interval(&drafts[*part]), sum));
    parts.len() > 1 && sum.is_some_and(fits)
}

/// The percentage that belongs to a change of money: the next figure of the sentence.
fn rate_of(drafts: &[Draft], change: usize) -> Option<usize> {
    let next = change + 1;
    let rate = drafts.get(next)?;
    (rate.kind == StatementKind::ChangeRate
        && rate.sentence == drafts[change].sentence
        && !rate.is_aside
        && rate.subject.is_empty())
    .then_some(next)
}

/// The amount that changed, and the amount it is reckoned from.
fn changed(
    drafts: &[Draft],
    headings: &[Option<usize>],
    references: &[Reference],
    index: usize,
    rate: Option<usize>,
) -> (Option<usize>, Option<usize>) {
    let change = &drafts[index];
    let base = (0..index)
        .rev()
        .take_while(|i| drafts[*i].sentence == change.sentence)
        .take_while(|i| !is_head(&drafts[*i]))
        .find(|i| drafts[*i].is_prior);
    let near: Vec<usize> = heads_of_paragraph(drafts, index)
        .filter(|i| change.kind == StatementKind::ChangeRate || is_alike(&drafts[*i], change))
        .collect();
    let candidates: Vec<usize> = if change.subject.is_empty() {
        let Some(nearest) = near.first().copied() else { return (None, base) };
        let mut readings = vec![nearest];
        let mut whole = references[nearest].part_of;
        while let Some(next) = whole.filter(|next| !readings.contains(next)) {
            readings.push(next);
            whole = references[next].part_of;
        }
        if drafts[nearest].list.is_some() {
            readings.extend(
                near.iter()
                    .copied()
                    .filter(|i| drafts[*i].sentence == change.sentence)
                    .filter(|i| !readings.contains(i))
                    .collect::<Vec<_>>(),
            );
        }
        readings
    } else {
        let named: Vec<usize> = near.into_iter().filter(|i| agree(&change.subject_key, &drafts[*i])).collect();
        if named.is_empty() { spent_before(drafts, headings, index) } else { named }
    };
    let holds = |of: &usize| {
        rate.is_some_and(|rate| {
            change.kind == StatementKind::Change && rate_fits(change, &drafts[rate], interval(&drafts[*of]))
        })
    };
    (candidates.iter().copied().find(holds).or_else(|| candidates.first().copied()), base)
}

/// The amount of this measure and year in an earlier paragraph under the same heading: final accounts state what was spent on
/// each kind of “三公” first, and in the next paragraph how it changed.
fn spent_before(drafts: &[Draft], headings: &[Option<usize>], index: usize) -> Vec<usize> {
    let change = &drafts[index];
    if change.measure.is_none() || headings.get(change.paragraph).copied().flatten().is_none() {
        return Vec::new();
    }
    heads_of_section(drafts, headings, index, change.paragraph)
        .filter(|i| {
            let draft = &drafts[*i];
            draft.kind == StatementKind::Amount
                && draft.measure == change.measure
                && draft.year == change.year
                && is_alike(draft, change)
                && !is_planned(draft)
        })
        .take(1)
        .collect()
}

/// True where the words (a [`key`]) name what the amount measures: the same measure, or the same words.
fn agree(words: &str, draft: &Draft) -> bool {
    let subject = draft.subject_key.as_str();
    let long = |text: &str| text.chars().nth(3).is_some();
    words == subject || (subject.ends_with(words) && long(words)) || (words.ends_with(subject) && long(subject))
}

/// `part` is the printed percentage of `whole`, the last printed digit give or take one.
fn percent_fits(share: &Draft, part: Interval, whole: Interval) -> bool {
    part.over(whole).is_some_and(|ratio| ratio.meets(&printed_ratio(share.value, &share.unit)))
}

fn rate_fits(change: &Draft, rate: &Draft, current: Interval) -> bool {
    let amount = interval(change);
    let prior = match change.direction {
        Some(Direction::Decrease) => current + amount,
        _ => current - amount,
    };
    amount.over(prior).is_some_and(|ratio| ratio.meets(&printed_ratio(rate.value, &rate.unit)))
}

/// The ratios that print as this percentage (or so many times): publishers round or cut off, so a whole unit of
/// the last printed digit either way.
pub fn printed_ratio(value: Decimal, unit: &Unit) -> Interval {
    let last = Decimal::new(1, value.scale());
    let scale = if *unit == Unit::Percent { Decimal::new(1, 2) } else { Decimal::ONE };
    Interval { low: value - last, high: value + last } * scale
}

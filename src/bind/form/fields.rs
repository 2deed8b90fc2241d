//! Everything of a form but the tree: fields, funds and goals.

use crate::base::amount::{Unit, parse_figure};
use crate::base::finding::Finding;
use crate::base::place::Printed;
use crate::base::text::{as_squashed, is_blank};
use crate::model::{Evidence, Field, Fund, FundSource, Goal, Half, PerformanceTarget, Stated};
use crate::spec::forms::{FormField, FormLabel};

use super::block::Block;
use super::cells::FormCell;
use super::{B402, B403, keep_field, report_unlabelled};

/// A form while it is read, row by row.
pub(super) struct FormReader {
    pub form: PerformanceTarget,
    /// Column of the label that names the annual total: what stands left of it is of the implementation period.
    annual_column: Option<u32>,
    /// Halves that the headings of the goals name, in order, with their columns.
    goal_halves: Vec<(Half, u32, u32)>,
    /// True from 总体目标 on until another label comes: texts below are goals too.
    in_goals: bool,
    has_period_total: bool,
    /// The table within the form that goes on, where the grid has its columns from the page.
    block: Option<Block>,
    is_placed: bool,
}

/// The label that the next value belongs to.
#[derive(Clone, Copy)]
enum Pending<'r> {
    None,
    Field(FormField, &'r FormCell<'r>),
    /// Index into `funds`.
    Fund(usize, &'r FormCell<'r>),
    Goal(Option<Half>),
    /// 专项资金情况 / 资金总额: a figure behind it is the total.
    Funds(&'r FormCell<'r>),
    /// A label whose value has come, or that has none: a further text is kept beside it.
    Done(&'r FormCell<'r>),
}

impl FormReader {
    pub fn new(form: PerformanceTarget, is_placed: bool) -> FormReader {
        FormReader {
            form,
            annual_column: None,
            goal_halves: Vec::new(),
            in_goals: false,
            has_period_total: false,
            block: None,
            is_placed,
        }
    }

    pub fn read_row(&mut self, row: &[FormCell<'_>], findings: &mut Vec<Finding>) {
        if self.is_placed && self.read_block(row, findings) {
            return;
        }
        let goal_texts = row.iter().filter(|cell| cell.matched.is_none()).count();
        let mut goals_seen = 0;
        let mut pending = Pending::None;
        let mut cells = row.iter().peekable();
        while let Some(cell) = cells.next() {
            if cell.matched.is_some() {
                pending = self.read_label(cell, row);
                if let Some(inline) = &cell.inline {
                    pending = self.read_value(pending, inline.value.clone(), cell, (0, 1), findings);
                }
                continue;
            }
            if matches!(pending, Pending::None) && self.in_goals {
                pending = Pending::Goal(None);
            }
            if matches!(pending, Pending::None) {
                // A label that the data does not know: it ends with a colon or stands before a value.
                match cells.peek() {
                    Some(next) if next.matched.is_none() => pending = Pending::Done(cell),
                    _ if cell.cell.text.ends_with([':', '：']) => self.form.labels.push(cell.printed()),
                    _ => report_unlabelled(cell, findings),
                }
                continue;
            }
            let position = (goals_seen, goal_texts);
            goals_seen += 1;
            pending = self.read_value(pending, cell.printed(), cell, position, findings);
        }
    }

    /// Reads a row of a table within the form; false where the row is none of one.
    fn read_block(&mut self, row: &[FormCell<'_>], findings: &mut Vec<Finding>) -> bool {
        if let Some((block, beside)) = Block::open(row) {
            for cell in row.get(..beside).unwrap_or_default() {
                self.read_label_or_text(cell, row);
            }
            self.form.labels.extend(row.get(beside..).unwrap_or_default().iter().map(FormCell::printed));
            self.block = Some(block);
            return true;
        }
        let Some(mut block) = self.block.take() else { return false };
        // 总分 below the goals of a self-evaluation is no goal.
        let is_own = row.first().is_some_and(|cell| matches!(cell.label(), Some(FormLabel::Other)));
        if is_own && block.headings.iter().any(|heading| heading.goal.is_some()) {
            return false;
        }
        if block.deepen(row) {
            self.form.labels.extend(row.iter().map(FormCell::printed));
        } else if block.holds(row) {
            self.read_block_row(&block, row, findings);
        } else {
            return false;
        }
        self.block = Some(block);
        true
    }

    fn read_block_row(&mut self, block: &Block, row: &[FormCell<'_>], findings: &mut Vec<Finding>) {
        let named = usize::from(block.first_names_row(row));
        let name = row.first().filter(|_| named > 0);
        let fund = name.filter(|cell| matches!(cell.label(), Some(FormLabel::Fund { .. })));
        let mut pending = fund.map_or(Pending::None, |cell| self.read_label(cell, row));
        let label = name.map(FormCell::printed).or_else(|| block.side.clone());
        for cell in row.get(named..).unwrap_or_default() {
            let index = block.heading_of(cell);
            let heading = index.and_then(|index| block.headings.get(index));
            let value = cell.printed();
            if let (Pending::Fund(..), Some(0)) = (pending, index) {
                pending = self.read_value(pending, value, cell, (0, 1), findings);
            } else if let Some(half) = heading.and_then(|heading| heading.goal) {
                self.form.goals.push(Goal { half, text: value });
            } else {
                let path = heading.map(|heading| heading.path.clone()).unwrap_or_default();
                let stated = self.form.unit.as_ref().map(|unit| unit.value.clone());
                let is_amount = parse_figure(&value.text).is_some();
                let unit = heading.filter(|heading| heading.is_money && is_amount);
                let unit = unit.and_then(|heading| heading.unit.clone().or(stated));
                match &label {
                    Some(label) => {
                        self.form.fields.push(Field { label: label.clone(), path, value, unit, measure: None })
                    }
                    None => report_unlabelled(cell, findings),
                }
            }
        }
        if let (Some(name), None, true) = (name, fund, row.len() == named) {
            self.form.labels.push(name.printed());
        }
    }

    fn read_label_or_text(&mut self, cell: &FormCell<'_>, row: &[FormCell<'_>]) {
        match cell.matched {
            Some(_) => {
                self.read_label(cell, row);
            }
            None => self.form.labels.push(cell.printed()),
        }
    }

    fn read_label<'r>(&mut self, cell: &'r FormCell<'r>, row: &[FormCell<'_>]) -> Pending<'r> {
        let Some(matched) = &cell.matched else { return Pending::None };
        let printed = cell.printed_label();
        self.in_goals = matches!(matched.label, FormLabel::Goal(_))
            || (self.in_goals && matches!(matched.label, FormLabel::GoalHeading(_)));
        match matched.label {
            FormLabel::Field(field) => {
                self.form.labels.push(printed);
                Pending::Field(field, cell)
            }
            FormLabel::FundsHeading => {
                if let Some(unit) = &matched.unit {
                    let place = printed.place.clone();
                    self.form.unit = Some(Stated { value: unit.clone(), printed: printed.text.clone(), place });
                }
                self.form.labels.push(printed);
                Pending::Funds(cell)
            }
            FormLabel::Fund { source, half } => {
                let half = half.unwrap_or_else(|| self.half_of_fund(cell, row));
                if half == Half::Annual && source == FundSource::Total {
                    self.annual_column = Some(cell.cell.column);
                } else if source == FundSource::Total {
                    self.has_period_total = true;
                }
                self.form.funds.push(Fund {
                    half,
                    source,
                    label: printed,
                    printed: None,
                    amount: None,
                    place: None,
                    evidence: Evidence::Untested,
                });
                Pending::Fund(self.form.funds.len() - 1, cell)
            }
            FormLabel::GoalHeading(half) => {
                self.goal_halves.push((half, cell.cell.column, cell.cell.column_span));
                self.form.labels.push(printed);
                Pending::Goal(Some(half))
            }
            // 项目总目标 beside 年度总体目标: both head the goals below (上海普陀 2023).
            FormLabel::Goal(Some(half)) if row.iter().any(|c| matches!(c.label(), Some(FormLabel::GoalHeading(_)))) => {
                self.goal_halves.push((half, cell.cell.column, cell.cell.column_span));
                self.form.labels.push(printed);
                Pending::Goal(Some(half))
            }
            FormLabel::Goal(half) => {
                self.form.labels.push(printed);
                Pending::Goal(half)
            }
            FormLabel::TreeHeading | FormLabel::TreeColumn(_) | FormLabel::ColumnHeading { .. } | FormLabel::Other => {
                self.form.labels.push(printed);
                Pending::Done(cell)
            }
        }
    }

    /// The label of a source stands once for each half of a row; alone, its side tells.
    fn half_of_fund(&self, cell: &FormCell<'_>, row: &[FormCell<'_>]) -> Half {
        let mut twins = row.iter().filter(|other| other.label() == cell.label()).map(|other| other.cell.column);
        let is_second = twins.next().is_some_and(|first| first != cell.cell.column);
        let is_alone = row.iter().filter(|other| other.label() == cell.label()).count() == 1;
        let is_right = self.annual_column.is_some_and(|annual| cell.cell.column >= annual);
        if is_second || (is_alone && (is_right || !self.has_period_total)) {
            Half::Annual
        } else {
            Half::ImplementationPeriod
        }
    }

    fn read_value<'r>(
        &mut self,
        pending: Pending<'r>,
        value: Printed,
        cell: &FormCell<'_>,
        goal_position: (usize, usize),
        findings: &mut Vec<Finding>,
    ) -> Pending<'r> {
        match pending {
            Pending::Field(field, label) => {
                self.set_field(field, label, value);
                Pending::Done(label)
            }
            Pending::Fund(index, label) => {
                let Some(fund) = self.form.funds.get_mut(index) else { return Pending::None };
                fund.amount = parse_figure(&value.text);
                // 国家信访局 2026 prints a dash for none, self-evaluations of 四川 a stroke.
                let is_dash = || matches!(&*as_squashed(&value.text), "-" | "—" | "－" | "——" | "/");
                if fund.amount.is_none() && !is_dash() {
                    let message = format!("“{}” stands where the amount of {} belongs", value.text, fund.label.text);
                    findings.push(Finding::new(&B402, message).at(&value.place, "no figure"));
                }
                fund.place = Some(value.place);
                fund.printed = Some(value.text);
                Pending::Done(label)
            }
            Pending::Goal(half) => {
                let half = half.unwrap_or_else(|| self.half_of_goal(cell, goal_position));
                self.form.goals.push(Goal { half, text: value });
                self.in_goals = true;
                Pending::Goal(None)
            }
            Pending::Funds(label) if parse_figure(&value.text).is_some() => {
                self.form.funds.push(Fund {
                    half: Half::Annual,
                    source: FundSource::Total,
                    label: label.printed_label(),
                    amount: parse_figure(&value.text),
                    place: Some(value.place),
                    printed: Some(value.text),
                    evidence: Evidence::Untested,
                });
                Pending::Done(label)
            }
            Pending::Done(label) | Pending::Funds(label) => {
                keep_field(&mut self.form, label.printed_label(), value);
                Pending::Done(label)
            }
            Pending::None => Pending::None,
        }
    }

    /// Two texts are the two halves in the order of their headings; one alone belongs to the heading above it.
    fn half_of_goal(&self, cell: &FormCell<'_>, (position, count): (usize, usize)) -> Half {
        let by_order = self.goal_halves.get(position).filter(|_| count == self.goal_halves.len());
        let column = cell.cell.column;
        let above = || self.goal_halves.iter().find(|(_, start, span)| (*start..start + span).contains(&column));
        let only = || self.goal_halves.first().filter(|_| self.goal_halves.len() == 1);
        match by_order.or_else(only).or_else(above) {
            Some((half, _, _)) => *half,
            None if position == 0 && count > 1 => Half::ImplementationPeriod,
            None => Half::Annual,
        }
    }

    fn set_field(&mut self, field: FormField, label: &FormCell<'_>, value: Printed) {
        let form = &mut self.form;
        let slot = match field {
            FormField::Project => &mut form.project,
            FormField::SupervisingDepartment => &mut form.supervising_department,
            FormField::ImplementingUnit => &mut form.implementing_unit,
            FormField::Attribute => &mut form.attribute,
            FormField::Period => &mut form.period,
            FormField::Overview => &mut form.overview,
            FormField::Basis => &mut form.basis,
            FormField::Necessity => &mut form.necessity,
            FormField::Measures => &mut form.measures,
            FormField::Plan => &mut form.plan,
            FormField::ResponsiblePerson => &mut form.responsible_person,
            FormField::Handler => &mut form.handler,
            FormField::Phone => &mut form.phone,
            FormField::FilledAt if form.filled_at.is_none() => {
                let instant = super::value::instant_to_iso(&value.text).unwrap_or_else(|| value.text.clone());
                form.filled_at = Some(Stated { value: instant, printed: value.text, place: value.place });
                return;
            }
            FormField::FilledAt => return keep_field(form, label.printed_label(), value),
        };
        if slot.is_some() {
            return keep_field(form, label.printed_label(), value);
        }
        *slot = Some(value);
    }

    /// What follows from the form as a whole.
    pub fn finish(mut self, findings: &mut Vec<Finding>) -> PerformanceTarget {
        if let Some((code, name)) = self.form.supervising_department.as_ref().and_then(|d| split_code(&d.text)) {
            self.form.supervising_department_code = Some(code);
            self.form.supervising_department_name = Some(name);
        } else {
            self.form.supervising_department_name =
                self.form.supervising_department.as_ref().map(|department| department.text.clone());
        }
        let amount = self.form.funds.iter().find(|fund| fund.amount.is_some());
        if let (None, Some(fund)) = (&self.form.unit, amount) {
            let message = "the amounts of this form have no unit";
            findings.push(Finding::new(&B403, message).at(&fund.label.place, "an amount without unit"));
        }
        self.form
    }
}

/// `007-中共…` → code and name.
fn split_code(text: &str) -> Option<(String, String)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?;
    let (code, rest) = text.split_at(end);
    let rest = rest.trim_start_matches(|c: char| is_blank(c) || matches!(c, '-' | '－' | '—' | '_'));
    (!rest.is_empty()).then(|| (code.to_string(), rest.to_string()))
}

/// `单位：万元` → the unit it states.
pub(super) fn line_to_unit(line: &Printed) -> Option<Stated<Unit>> {
    let word = as_squashed(line.text.rsplit([':', '：']).next()?);
    let word = word.trim_end_matches([')', '）']);
    (!word.is_empty()).then(|| Stated {
        value: Unit::from_word(word),
        printed: line.text.clone(),
        place: line.place.clone(),
    })
}

/// `部门名称：…` → label and value.
pub(super) fn line_to_field(line: &Printed) -> Option<Field> {
    let split = line.text.chars().position(|c| matches!(c, ':' | '：'))? + 1;
    let label: String = line.text.chars().take(split).collect();
    let value: String = line.text.chars().skip(split).collect();
    let width = value.chars().count();
    Some(Field {
        label: Printed::new(label, line.place.within(0, split)),
        path: Vec::new(),
        value: Printed::new(value.trim(), line.place.within(split, width)),
        unit: None,
        measure: None,
    })
}

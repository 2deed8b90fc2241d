//! Layouts of tables, drawn here: whatever draws the borders, the cells come out as they stand.

#[path = "common/maker.rs"]
mod maker;

use std::sync::LazyLock;

use lopdf::{Dictionary, dictionary};
use maker::Maker;
use mingzhang::base::finding::Finding;
use mingzhang::base::place::Place;
use mingzhang::read::{Block, Document, Grid, Source, read};
use mingzhang::segment::unruled::complete;
use mingzhang::segment::{Outline, RawTable, segment};
use mingzhang::spec::Specs;

static SPECS: LazyLock<Specs> = LazyLock::new(|| Specs::builtin().expect("the built-in data is sound"));

/// What a page draws. x from the left, y from the top, in points, on A4 upright; type of 10 pt.
#[derive(Clone, Default)]
struct Drawing(String);

impl Drawing {
    fn add(mut self, operators: &str) -> Drawing {
        self.0.push_str(operators);
        self.0.push('\n');
        self
    }

    fn text(self, x: f32, baseline: f32, text: &str) -> Drawing {
        let codes: String = text.encode_utf16().map(|code| format!("{code:04X}")).collect();
        self.add(&format!("BT /C1 10 Tf {x} {} Td <{codes}> Tj ET", 842.0 - baseline))
    }

    fn title(self, x: f32, baseline: f32, text: &str) -> Drawing {
        let codes: String = text.encode_utf16().map(|code| format!("{code:04X}")).collect();
        self.add(&format!("BT /C1 16 Tf {x} {} Td <{codes}> Tj ET", 842.0 - baseline))
    }

    fn text_to(self, right: f32, baseline: f32, text: &str) -> Drawing {
        let width: f32 = text.chars().map(|c| if c.is_ascii() { 5.0 } else { 10.0 }).sum();
        self.text(right - width, baseline, text)
    }

    fn line(self, x0: f32, y0: f32, x1: f32, y1: f32) -> Drawing {
        self.add(&format!("0.5 w {x0} {} m {x1} {} l S", 842.0 - y0, 842.0 - y1))
    }

    /// A filled rectangle; grey from 0 (black) to 1 (white).
    fn fill(self, [x0, y0, x1, y1]: [f32; 4], grey: f32) -> Drawing {
        self.add(&format!("q {grey} g {x0} {} {} {} re f Q", 842.0 - y1, x1 - x0, y1 - y0))
    }

    fn each<T: Copy>(self, items: &[T], draw: impl Fn(Drawing, T) -> Drawing) -> Drawing {
        items.iter().fold(self, |drawing, item| draw(drawing, *item))
    }

    fn horizontals(self, ys: &[f32], x0: f32, x1: f32) -> Drawing {
        self.each(ys, |drawing, y| drawing.line(x0, y, x1, y))
    }

    fn verticals(self, xs: &[f32], y0: f32, y1: f32) -> Drawing {
        self.each(xs, |drawing, x| drawing.line(x, y0, x, y1))
    }

    /// All lines between cells.
    fn grid(self, xs: &[f32], ys: &[f32]) -> Drawing {
        self.horizontals(ys, first(xs), last(xs)).verticals(xs, first(ys), last(ys))
    }

    /// Words from the left border of their column, figures to the right one.
    fn row<T: AsRef<str>>(self, xs: &[f32], baseline: f32, texts: &[T]) -> Drawing {
        let cells: Vec<(&str, f32, f32)> =
            texts.iter().zip(xs.windows(2)).map(|(text, x)| (text.as_ref(), x[0], x[1])).collect();
        self.each(&cells, |drawing, (text, left, right)| match text.chars().next() {
            None => drawing,
            Some(c) if c.is_ascii_digit() => drawing.text_to(right - 3.0, baseline, text),
            Some(_) => drawing.text(left + 3.0, baseline, text),
        })
    }

    fn rows<T: AsRef<str>, R: AsRef<[T]>>(self, xs: &[f32], ys: &[f32], rows: &[R]) -> Drawing {
        rows.iter().zip(ys.iter().skip(1)).fold(self, |drawing, (row, y)| drawing.row(xs, y - 6.0, row.as_ref()))
    }
}

fn first(values: &[f32]) -> f32 {
    *values.first().expect("a value")
}

fn last(values: &[f32]) -> f32 {
    *values.last().expect("a value")
}

const XS: [f32; 5] = [60.0, 200.0, 300.0, 400.0, 500.0];
const YS: [f32; 6] = [100.0, 120.0, 140.0, 160.0, 180.0, 200.0];
const TABLE: [[&str; 4]; 5] = [
    ["科目名称", "合计", "基本支出", "项目支出"],
    ["合计", "12.50", "10.00", "2.50"],
    ["教育支出", "8.50", "6.00", "2.50"],
    ["卫生健康支出", "1.00", "1.00", ""],
    ["其他支出", "3.00", "3.00", ""],
];

fn pages(drawings: &[Drawing]) -> Document {
    let maker = drawings
        .iter()
        .fold(Maker::new("UniGB-UTF16-H", "GB1"), |maker, drawing| maker.page(&drawing.0, Dictionary::new()));
    document(maker)
}

fn document(maker: Maker) -> Document {
    let source = Source { name: "made.pdf".into(), bytes: std::sync::Arc::new(maker.bytes()), password: None };
    let mut document = read(&source, &mut Vec::new()).expect("the made PDF can be read");
    complete(&mut document, &SPECS, &mut Vec::new());
    document
}

fn grids(document: &Document) -> Vec<&Grid> {
    let grids = document.blocks.iter().map(|block| if let Block::Grid(grid) = block { Some(grid) } else { None });
    grids.flatten().collect()
}

/// Every row with as many texts as there are columns; a merged cell stands at its top left corner.
fn dense(grid: &Grid) -> Vec<Vec<&str>> {
    let mut rows = vec![vec![""; grid.columns as usize]; grid.rows as usize];
    for cell in &grid.cells {
        rows[cell.row as usize][cell.column as usize] = &cell.text;
    }
    rows
}

/// `(row, column, row span, column span)` of merged cells.
fn spans(grid: &Grid) -> Vec<(u32, u32, u32, u32)> {
    let merged = grid.cells.iter().filter(|cell| cell.row_span * cell.column_span > 1);
    merged.map(|cell| (cell.row, cell.column, cell.row_span, cell.column_span)).collect()
}

fn outline(document: Document) -> Outline {
    segment(document, &SPECS, &mut Vec::new())
}

/// Body rows of a stitched table.
fn body(table: &RawTable) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| (0..table.columns).map(|column| row.text_at(column)).collect()).collect()
}

/// [`TABLE`] with something that tells its cells apart, drawn below its texts.
fn is_read(name: &str, borders: Drawing) -> Result<(), String> {
    let drawing = borders.rows(&XS, &YS, &TABLE);
    let document = pages(&[drawing]);
    let grids = grids(&document);
    let [grid] = grids.as_slice() else {
        return Err(format!(
            "{name}: {} grids: {:?}",
            grids.len(),
            grids.iter().map(|grid| dense(grid)).collect::<Vec<_>>()
        ));
    };
    if dense(grid) == TABLE { Ok(()) } else { Err(format!("{name}: {:?}", dense(grid))) }
}

fn all_read(cases: Vec<(&str, Drawing)>) {
    let wrong: Vec<String> = cases.into_iter().filter_map(|(name, borders)| is_read(name, borders).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn every_cell(draw: impl Fn(Drawing, [f32; 4], usize, usize) -> Drawing) -> Drawing {
    let mut drawing = Drawing::default();
    for (r, y) in YS.windows(2).enumerate() {
        for (c, x) in XS.windows(2).enumerate() {
            drawing = draw(drawing, [x[0], y[0], x[1], y[1]], r, c);
        }
    }
    drawing
}

fn frame() -> Drawing {
    Drawing::default().grid(&[60.0, 500.0], &[100.0, 200.0])
}

#[test]
fn borders_drawn_in_every_way() {
    let full = || Drawing::default().grid(&XS, &YS);
    let pieces = |on: f32, step: f32| {
        let mut drawing = Drawing::default();
        for y in YS {
            let count = (440.0 / step) as usize;
            drawing =
                (0..count).fold(drawing, |d, i| d.line(60.0 + step * i as f32, y, 60.0 + step * i as f32 + on, y));
        }
        for x in XS {
            let count = (100.0 / step) as usize;
            drawing =
                (0..count).fold(drawing, |d, i| d.line(x, 100.0 + step * i as f32, x, 100.0 + step * i as f32 + on));
        }
        drawing
    };
    let thin = |d: Drawing, [x0, y0, x1, y1]: [f32; 4]| {
        d.fill([x0, y0, x1, y0 + 0.5], 0.0)
            .fill([x0, y1 - 0.5, x1, y1], 0.0)
            .fill([x0, y0, x0 + 0.5, y1], 0.0)
            .fill([x1 - 0.5, y0, x1, y1], 0.0)
    };
    all_read(vec![
        ("all lines", full()),
        ("a double frame", full().grid(&[57.5, 502.5], &[97.5, 202.5])),
        ("a double line between columns", full().verticals(&[203.0], 100.0, 200.0)),
        ("a double line below the header", full().horizontals(&[122.5], 60.0, 500.0)),
        ("dashes", pieces(3.0, 5.0)),
        ("dots", pieces(1.0, 2.5)),
        ("a pattern of dashes", Drawing::default().add("[3 2] 0 d").grid(&XS, &YS)),
        ("each cell its own thin fills", every_cell(|d, cell, _, _| thin(d, cell))),
        ("cells stroked as rectangles", every_cell(|d, [x0, y0, x1, y1], _, _| d.grid(&[x0, x1], &[y0, y1]))),
        ("open at its sides", Drawing::default().horizontals(&YS, 60.0, 500.0).verticals(&XS[1..4], 100.0, 200.0)),
        (
            "white cells on a black ground",
            Drawing::default().fill([59.5, 99.5, 500.5, 200.5], 0.0).add(
                &every_cell(|d, [x0, y0, x1, y1], _, _| d.fill([x0 + 0.25, y0 + 0.25, x1 - 0.25, y1 - 0.25], 1.0)).0,
            ),
        ),
    ]);
}

#[test]
fn cells_told_by_their_ground_only() {
    all_read(vec![
        (
            "shaded with white between",
            every_cell(|d, [x0, y0, x1, y1], _, _| d.fill([x0 + 0.5, y0 + 0.5, x1 - 0.5, y1 - 0.5], 0.9)),
        ),
        (
            "two greys like a chess board",
            every_cell(|d, cell, r, c| d.fill(cell, if (r + c) % 2 == 0 { 0.85 } else { 0.95 })),
        ),
        ("every second row", every_cell(|d, cell, r, _| if r % 2 == 0 { d.fill(cell, 0.9) } else { d })),
        (
            "every second row at once",
            YS.windows(2).step_by(2).fold(Drawing::default(), |d, y| d.fill([60.0, y[0], 500.0, y[1]], 0.9)),
        ),
        ("the header", Drawing::default().fill([60.0, 100.0, 500.0, 120.0], 0.8)),
    ]);
}

#[test]
fn borders_drawn_in_part() {
    all_read(vec![
        ("nothing", Drawing::default()),
        ("a frame", frame()),
        (
            "lines below header and total, and at the end",
            Drawing::default().horizontals(&[100.0, 120.0, 140.0, 200.0], 60.0, 500.0),
        ),
        ("lines between rows", Drawing::default().horizontals(&YS, 60.0, 500.0)),
        ("lines between columns", Drawing::default().verticals(&XS, 100.0, 200.0)),
        ("a frame with lines between columns", frame().verticals(&XS, 100.0, 200.0)),
        ("columns, header and total", frame().verticals(&XS, 100.0, 200.0).horizontals(&[120.0, 140.0], 60.0, 500.0)),
        (
            "no line between the last rows of the first column",
            Drawing::default()
                .verticals(&XS, 100.0, 200.0)
                .horizontals(&[100.0, 120.0, 140.0, 200.0], 60.0, 500.0)
                .horizontals(&[160.0, 180.0], 200.0, 500.0),
        ),
        ("a frame with lines between rows", frame().horizontals(&YS, 60.0, 500.0)),
        ("a head with lines", Drawing::default().grid(&XS, &YS[..2])),
        (
            "a head with lines over lines between rows",
            Drawing::default().grid(&XS, &YS[..2]).horizontals(&YS, 60.0, 500.0),
        ),
        ("a head with lines in a frame", frame().grid(&XS, &YS[..2])),
        (
            "a head with lines in a frame with lines between rows",
            frame().grid(&XS, &YS[..2]).horizontals(&YS, 60.0, 500.0),
        ),
        (
            "lines between cells only",
            Drawing::default().horizontals(&YS[1..5], 60.0, 500.0).verticals(&XS[1..4], 100.0, 200.0),
        ),
    ]);
}

#[test]
fn a_line_between_rows_of_one_column_may_lie_anywhere_between_their_texts() {
    // The texts of the other columns tell where the rows end, by themselves or with it.
    let at = |y: f32| frame().verticals(&XS, 100.0, 200.0).horizontals(&[120.0], 60.0, 500.0).line(60.0, y, 200.0, y);
    for step in 0..20_u8 {
        let y = 178.0 + 0.25 * f32::from(step);
        is_read(&format!("a line at {y}"), at(y)).expect("read as it stands");
    }
}

#[test]
fn a_head_over_a_body_whose_cells_are_others_is_no_head_of_it() {
    // A frame, and a line below the name of the project: the form below it has columns of its own.
    let drawing = Drawing::default()
        .grid(&[60.0, 200.0, 500.0], &[100.0, 120.0])
        .grid(&[60.0, 500.0], &[100.0, 260.0])
        .row(&[60.0, 200.0, 500.0], 114.0, &["项目名称", "党员教育培训"])
        .rows(
            &[60.0, 170.0, 280.0, 390.0, 500.0],
            &[120.0, 140.0, 160.0, 180.0, 200.0, 220.0, 240.0],
            &[
                ["一级指标", "二级指标", "三级指标", "指标值"],
                ["产出指标", "数量指标", "培训人数", "按计划"],
                ["产出指标", "质量指标", "合格率", "全部"],
                ["产出指标", "时效指标", "及时率", "按时"],
                ["效益指标", "社会效益", "凝聚力", "有所提升"],
                ["满意度", "服务对象", "满意率", "较高"],
            ],
        );
    let document = pages(&[drawing]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    assert_eq!(dense(grid)[3][..4], ["产出指标", "质量指标", "合格率", "全部"]);
    assert_eq!(grid.rows, 7);
}

#[test]
fn the_table_below_a_head_ends_where_the_next_one_begins() {
    // Two tables with lines in their heads only, a title between them.
    let drawing = Drawing::default()
        .grid(&XS, &[100.0, 120.0])
        .rows(&XS, &YS[..4], &TABLE[..3])
        .title(200.0, 182.0, "收入总表")
        .grid(&XS, &[200.0, 220.0])
        .rows(&XS, &[200.0, 220.0, 240.0], &TABLE[..2]);
    let document = pages(&[drawing]);
    let [first, second] = grids(&document)[..] else { panic!("two grids") };
    assert_eq!(dense(first), TABLE[..3]);
    assert_eq!(dense(second), TABLE[..2]);
}

#[test]
fn labels_that_fill_their_narrow_columns_are_as_many_as_the_columns() {
    // Two points of white between labels; a quarter of an em between digits and ideographs is none.
    let xs = [60.0, 200.0, 262.0, 324.0, 386.0, 460.0];
    let right = [260.0, 322.0, 384.0];
    let amounts = |drawing: Drawing, baseline: f32, amounts: [&str; 3]| {
        drawing.each(&[0, 1, 2], |drawing, at| drawing.text_to(right[at], baseline, amounts[at]))
    };
    let drawing = Drawing::default()
        .row(&xs[..2], 114.0, &["单位名称"])
        .text(200.0, 114.0, "公务用车购置")
        .text(262.0, 114.0, "公务用车运行")
        .text(324.0, 114.0, "公务接待费用")
        .text(400.0, 114.0, "2026")
        .text(422.5, 114.0, "年预算数")
        .row(&xs[..2], 134.0, &["某局本级"])
        .row(&xs[..2], 154.0, &["某某中心"])
        .text_to(460.0, 134.0, "8.50")
        .text_to(460.0, 154.0, "9.50");
    let drawing = amounts(amounts(drawing, 134.0, ["12.50", "2.50", "1.50"]), 154.0, ["3.00", "4.00", "5.00"]);
    let document = pages(&[drawing]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    let head = grid.cells.iter().filter(|cell| cell.row == 0).map(|cell| cell.text.replace(' ', ""));
    assert_eq!(head.collect::<Vec<_>>(), ["单位名称", "公务用车购置", "公务用车运行", "公务接待费用", "2026年预算数"]);
    assert_eq!(dense(grid)[1], ["某局本级", "12.50", "2.50", "1.50", "8.50"]);
}

#[test]
fn a_label_over_columns_spans_all_of_them_however_far_its_text_reaches() {
    let centred = |drawing: Drawing, middle: f32, baseline: f32, text: &str| {
        drawing.text(middle - 5.0 * text.chars().count() as f32, baseline, text)
    };
    let heads = [(250.0, "合计"), (350.0, "人员经费"), (450.0, "公用经费")];
    let drawing = centred(Drawing::default(), 350.0, 114.0, "本年一般公共预算基本支出");
    let drawing = centred(drawing, 130.0, 122.0, "科目名称");
    let drawing = heads.into_iter().fold(drawing, |drawing, (x, text)| centred(drawing, x, 130.0, text));
    let drawing = drawing.rows(&XS, &[134.0, 154.0, 174.0, 194.0, 214.0], &TABLE[1..]);
    let document = pages(&[drawing]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    assert_eq!(dense(grid)[0], ["科目名称", "本年一般公共预算基本支出", "", ""]);
    assert_eq!(spans(grid), [(0, 0, 2, 1), (0, 1, 1, 3)]);
    assert_eq!(dense(grid)[3], TABLE[2]);
}

#[test]
fn a_large_title_close_above_a_table_is_not_in_its_first_row() {
    let drawing = Drawing::default().title(220.0, 97.0, "支出总表").rows(&XS, &YS, &TABLE);
    let document = pages(&[drawing]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    assert_eq!(dense(grid), TABLE);
}

#[test]
fn lines_as_far_apart_as_rows_are_one_label_around_its_amount() {
    // A word processor's table without lines and without room between its rows: every line 14.5 points below the last.
    let line = |n: u8| 114.0 + 14.5 * f32::from(n);
    let drawing = Drawing::default()
        .row(&XS, line(0), &["科目名称", "合计", "基本支出", "项目支出"])
        .text(63.0, line(1), "机关事业单位基本养老保险缴")
        .text(63.0, line(2), "费支出")
        .row(&XS, (line(1) + line(2)) / 2.0, &["", "12.50", "10.00", "2.50"])
        .text(63.0, line(3), "机关事业单位职业年金缴费支")
        .text(63.0, line(4), "出")
        .row(&XS, (line(3) + line(4)) / 2.0, &["", "8.50", "6.00", "2.50"])
        .text(63.0, line(5), "其他行政事业单位医疗补助支")
        .text(63.0, line(6), "出")
        .row(&XS, line(7), &["住房公积金", "1.00", "1.00"])
        .row(&XS, line(8), &["购房补贴", "3.00", "3.00"]);
    let document = pages(&[drawing]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    let names: Vec<String> = dense(grid).iter().map(|row| row[0].replace(' ', "")).collect();
    let expected = [
        "科目名称",
        "机关事业单位基本养老保险缴费支出",
        "机关事业单位职业年金缴费支出",
        "其他行政事业单位医疗补助支出",
        "住房公积金",
        "购房补贴",
    ];
    assert_eq!(names, expected);
    assert_eq!(dense(grid)[2][1..], ["8.50", "6.00", "2.50"]);
}

#[test]
fn lines_between_columns_end_where_cells_are_merged() {
    // No line but those between columns and the first: the table goes on behind the edge of the page. One amount alone
    // does not tell the rows.
    let drawing = Drawing::default()
        .horizontals(&[100.0], 60.0, 400.0)
        .verticals(&[60.0, 200.0, 400.0], 100.0, 180.0)
        .verticals(&[130.0, 300.0], 120.0, 180.0)
        .text(120.0, 114.0, "项目")
        .text(290.0, 114.0, "金额")
        .row(&[60.0, 130.0, 200.0, 300.0, 400.0], 134.0, &["编码", "名称", "合计", "项目支出"])
        .row(&[60.0, 130.0, 200.0, 300.0, 400.0], 154.0, &["205", "教育支出", "", ""])
        .row(&[60.0, 130.0, 200.0, 300.0, 400.0], 174.0, &["206", "科学技术", "1.50", ""]);
    let document = pages(&[drawing]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    let expected = [
        ["项目", "", "金额", ""],
        ["编码", "名称", "合计", "项目支出"],
        ["205", "教育支出", "", ""],
        ["206", "科学技术", "1.50", ""],
    ];
    assert_eq!(dense(grid), expected);
    assert_eq!(spans(grid), [(0, 0, 1, 2), (0, 2, 1, 2)]);
}

#[test]
fn cells_as_high_as_the_page_belong_to_the_table_beside_them() {
    // The lines between rows begin right of two columns whose cells go on over the page: no line crosses their borders.
    let drawing = Drawing::default()
        .horizontals(&[100.0, 120.0, 140.0, 160.0], 130.0, 400.0)
        .verticals(&[60.0, 95.0, 130.0, 300.0, 400.0], 100.0, 160.0)
        .row(&[60.0, 95.0, 130.0, 300.0, 400.0], 134.0, &["绩效", "产出", "举办展会", "3"])
        .row(&[130.0, 300.0, 400.0], 114.0, &["培训人数", "20"])
        .row(&[130.0, 300.0, 400.0], 154.0, &["出口总额", "1"]);
    let document = pages(&[drawing]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    let expected = [["绩效", "产出", "培训人数", "20"], ["", "", "举办展会", "3"], ["", "", "出口总额", "1"]];
    assert_eq!(dense(grid), expected);
    assert_eq!(spans(grid), [(0, 0, 3, 1), (0, 1, 3, 1)]);
}

#[test]
fn a_line_below_a_side_label_hides_no_rows_beside_it() {
    // No lines between rows but below the head, and between two side labels.
    let rows = [["指标一", "好"], ["指标二", "很好"], ["指标三", "好"], ["指标四", "很好"], ["指标五", "好"]];
    let drawing = Drawing::default()
        .horizontals(&[100.0, 120.0, 220.0], 60.0, 400.0)
        .horizontals(&[180.0], 60.0, 130.0)
        .verticals(&[60.0, 130.0, 300.0, 400.0], 100.0, 220.0)
        .row(&[60.0, 130.0, 300.0, 400.0], 114.0, &["类别", "指标", "目标"])
        .text(64.0, 154.0, "产出")
        .text(64.0, 204.0, "效益");
    let drawing = rows
        .iter()
        .enumerate()
        .fold(drawing, |drawing, (at, row)| drawing.row(&[130.0, 300.0, 400.0], 134.0 + 20.0 * at as f32, row));
    let document = pages(&[drawing]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    let right = |row: u32| -> Vec<&str> {
        let cells = grid.cells.iter().filter(|cell| cell.row == row && cell.column > 0);
        cells.map(|cell| cell.text.as_str()).collect()
    };
    assert_eq!((1..grid.rows).map(right).collect::<Vec<_>>(), rows);
}

#[test]
fn two_texts_side_by_side_set_wide_are_no_rows() {
    // The only row of a ruled table, at the foot of its page: lines that run to the end of their cells.
    let drawing = Drawing::default()
        .grid(&[60.0, 160.0, 260.0], &[100.0, 120.0, 200.0])
        .row(&[60.0, 160.0, 260.0], 114.0, &["年度目标", "完成情况"])
        .row(&[60.0, 160.0, 260.0], 138.0, &["按时开展各项工作", "各项工作按时开展"])
        .row(&[60.0, 160.0, 260.0], 158.0, &["并在年底之前完成", "年底之前完成任务"])
        .row(&[60.0, 160.0, 260.0], 178.0, &["任务", "两项"]);
    let document = pages(&[drawing]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    assert_eq!(dense(grid)[1], ["按时开展各项工作 并在年底之前完成 任务", "各项工作按时开展 年底之前完成任务 两项"]);
}

#[test]
fn the_legend_of_a_chart_is_no_table() {
    // A frame with a half circle in it, shares around and names beside.
    let legend = |drawing: Drawing| {
        drawing
            .row(&[60.0, 200.0, 300.0], 130.0, &["工资福利支出", "7.50%"])
            .row(&[60.0, 200.0, 300.0], 150.0, &["商品和服务支出", "10.00%"])
            .row(&[60.0, 200.0, 300.0], 170.0, &["对企业补助", "82.50%"])
    };
    let document = pages(&[legend(frame()), legend(frame()).add("350 650 m 350 720 450 720 450 650 c h f")]);
    assert_eq!(grids(&document).iter().map(|grid| grid.place.page()).collect::<Vec<_>>(), [Some(1)]);
    let lines =
        document.blocks.iter().filter(|block| matches!(block, Block::Line(_) if block.place().page() == Some(2)));
    assert!(lines.count() >= 3, "what the chart prints is kept");
}

#[test]
fn merged_cells_have_their_spans() {
    // 项目 over two columns, 合计 down two rows, a blank corner, and a label down two rows.
    let drawing = Drawing::default()
        .horizontals(&[100.0, 140.0, 180.0], 60.0, 400.0)
        .line(60.0, 120.0, 300.0, 120.0)
        .line(130.0, 160.0, 400.0, 160.0)
        .verticals(&[60.0, 300.0, 400.0], 100.0, 180.0)
        .verticals(&[130.0, 200.0], 120.0, 180.0)
        .text(130.0, 114.0, "项目")
        .text(63.0, 134.0, "类别")
        .text(133.0, 134.0, "名称")
        .text(203.0, 134.0, "数量")
        .text(340.0, 124.0, "合计")
        .text(63.0, 164.0, "公用")
        .row(&[130.0, 200.0, 300.0, 400.0], 154.0, &["办公费", "3", "1.50"])
        .row(&[130.0, 200.0, 300.0, 400.0], 174.0, &["印刷费", "", "0.50"]);
    let document = pages(&[drawing]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    let expected = [
        ["项目", "", "", "合计"],
        ["类别", "名称", "数量", ""],
        ["公用", "办公费", "3", "1.50"],
        ["", "印刷费", "", "0.50"],
    ];
    assert_eq!(dense(grid), expected);
    assert_eq!(spans(grid), [(0, 0, 1, 3), (0, 3, 2, 1), (2, 0, 2, 1)]);
}

#[test]
fn wrapped_lines_of_a_cell_are_no_rows() {
    // Two cells of two lines beside each other and beside a figure; a merged label of three lines beside two rows.
    let xs = [60.0, 120.0, 220.0, 300.0];
    let drawing = Drawing::default()
        .grid(&xs, &[100.0, 120.0, 150.0])
        .verticals(&xs, 150.0, 190.0)
        .horizontals(&[190.0], 60.0, 300.0)
        .line(120.0, 170.0, 300.0, 170.0)
        .row(&xs, 114.0, &["类别", "名称", "金额"])
        .row(&xs, 132.0, &["基本支", "机关事业单位基本"])
        .row(&xs, 144.0, &["出", "养老保险"])
        .text_to(297.0, 138.0, "10.62")
        .text(63.0, 160.0, "项目支")
        .text(63.0, 172.0, "出和其")
        .text(63.0, 184.0, "他支出")
        .row(&xs, 164.0, &["", "培训费", "1.00"])
        .row(&xs, 184.0, &["", "会议费", "2.00"]);
    let document = pages(&[drawing]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    let expected = [
        ["类别", "名称", "金额"],
        ["基本支 出", "机关事业单位基本 养老保险", "10.62"],
        ["项目支 出和其 他支出", "培训费", "1.00"],
        ["", "会议费", "2.00"],
    ];
    assert_eq!(dense(grid), expected);
}

#[test]
fn text_wider_than_its_cell_stays_in_it() {
    let xs = [60.0, 120.0, 180.0, 220.0];
    let rows = [["机关事业单位基本养老保险", "", ""], ["住房", "1.00", "123456789.00"]];
    let document =
        pages(&[Drawing::default().grid(&xs, &[100.0, 120.0, 140.0]).rows(&xs, &[100.0, 120.0, 140.0], &rows)]);
    let [grid] = grids(&document)[..] else { panic!("one grid") };
    assert_eq!(dense(grid), rows);
}

#[test]
fn two_tables_on_a_page() {
    let right = [320.0, 400.0, 500.0];
    let left = [60.0, 140.0, 240.0];
    let ys = [100.0, 120.0, 140.0];
    let below = [160.0, 180.0, 200.0];
    let texts = |a: &'static str, b: &'static str| [["项目", "金额"], [a, b]];
    for (name, borders) in [("ruled", true), ("unruled", false)] {
        let mut drawing = Drawing::default();
        if borders {
            drawing = drawing.grid(&left, &ys).grid(&right, &ys).grid(&left, &below);
        }
        // Without lines only the white between them can part two tables.
        let gap = if borders { 0.0 } else { 40.0 };
        let below = below.map(|y| y + gap);
        drawing = drawing.rows(&left, &ys, &texts("收入", "1.00")).rows(&left, &below, &texts("结余", "3.00"));
        if borders {
            drawing = drawing.rows(&right, &ys, &texts("支出", "2.00"));
        }
        let document = pages(&[drawing]);
        let found: Vec<_> = grids(&document).iter().map(|grid| dense(grid)).collect();
        let expected: Vec<_> = if borders {
            vec![texts("收入", "1.00"), texts("支出", "2.00"), texts("结余", "3.00")]
        } else {
            vec![texts("收入", "1.00"), texts("结余", "3.00")]
        };
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn one_grid_with_the_tail_of_a_table_and_the_head_of_the_next() {
    let ys: Vec<f32> = (0..9).map(|i| 100.0 + 20.0 * i as f32).collect();
    let drawing = Drawing::default()
        .horizontals(&ys, 60.0, 500.0)
        .verticals(&[60.0, 500.0], 100.0, 260.0)
        .verticals(&XS[1..4], 100.0, 160.0)
        .verticals(&XS[1..4], 220.0, 260.0)
        .rows(&XS, &ys, &TABLE[..3])
        .text(200.0, 174.0, "支出预算总表")
        .text(63.0, 194.0, "公开03表")
        .text(440.0, 214.0, "单位：万元")
        .rows(&XS, &ys[6..], &TABLE[..2]);
    let outline = outline(pages(&[drawing]));
    let [above, below] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
    assert_eq!(body(above), TABLE[1..3]);
    assert_eq!(below.caption.as_ref().map(|caption| caption.text.as_str()), Some("支出预算总表"));
    assert_eq!(body(below), TABLE[1..2]);
}

/// A table without lines: three labels of columns, two columns of figures that stand between them.
fn doubtful(figures: [&str; 2]) -> (Vec<Vec<String>>, Vec<Finding>) {
    let labels = [(63.0, "科目名称"), (250.0, "基本支出"), (350.0, "项目支出"), (450.0, "合计")];
    let mut drawing = labels.iter().fold(Drawing::default(), |drawing, (x, text)| drawing.text(*x, 114.0, text));
    for (baseline, name) in [(134.0, "教育支出"), (154.0, "其他支出")] {
        // The middle of the second figures is 42 from that of 项目支出 and 48 from that of 合计.
        drawing = drawing
            .text(63.0, baseline, name)
            .text_to(320.0, baseline, figures[0])
            .text_to(424.5, baseline, figures[1]);
    }
    let maker = Maker::new("UniGB-UTF16-H", "GB1").page(&drawing.0, Dictionary::new());
    let source = Source { name: "made.pdf".into(), bytes: std::sync::Arc::new(maker.bytes()), password: None };
    let mut document = read(&source, &mut Vec::new()).expect("the made PDF can be read");
    let mut findings = Vec::new();
    complete(&mut document, &SPECS, &mut findings);
    let grids = grids(&document);
    let rows = grids.into_iter().flat_map(dense).map(|row| row.into_iter().map(String::from).collect());
    (rows.collect(), findings)
}

#[test]
fn of_two_readings_of_the_columns_the_one_whose_sums_hold_is_right() {
    let (rows, findings) = doubtful(["10.00", "10.00"]);
    assert_eq!(rows[0], ["科目名称", "基本支出", "项目支出", "合计"]);
    assert_eq!(rows[1], ["教育支出", "10.00", "", "10.00"]);
    let chosen: Vec<_> = findings.iter().filter(|finding| finding.code == "S111").collect();
    assert_eq!(chosen.len(), 1, "{findings:?}");
    assert_eq!(chosen[0].place.as_ref().and_then(Place::page), Some(1));
}

#[test]
fn where_no_sum_tells_the_nearest_label_counts_and_no_sum_is_named() {
    let (rows, findings) = doubtful(["10.00", "4.00"]);
    assert_eq!(rows[1], ["教育支出", "10.00", "4.00", ""]);
    assert!(findings.is_empty(), "no reading makes a sum: {findings:?}");
}

fn centred(drawing: Drawing, (middle, baseline, text): (f32, f32, &str)) -> Drawing {
    drawing.text(middle - width(text) / 2.0, baseline, text)
}

fn width(text: &str) -> f32 {
    text.chars().map(|c| if c.is_ascii() { 5.0 } else { 10.0 }).sum()
}

/// A page of a table with lines between its rows only: 项目 over two columns, 本年支出 over three, 年末结转 as high as
/// both rows of labels, every label in the middle of its columns and every figure at the right of its own.
fn grouped(rows: &[[&str; 6]]) -> Drawing {
    let labels = [
        (160.0, 114.0, "项目"),
        (365.0, 114.0, "本年支出"),
        (505.0, 123.0, "年末结转"),
        (95.0, 132.0, "科目编码"),
        (195.0, 132.0, "科目名称"),
        (295.0, 132.0, "小计"),
        (365.0, 132.0, "基本支出"),
        (435.0, 132.0, "项目支出"),
        (160.0, 150.0, "栏次"),
        (295.0, 150.0, "1"),
        (365.0, 150.0, "2"),
        (435.0, 150.0, "3"),
        (505.0, 150.0, "4"),
    ];
    let ys: Vec<f32> = (0..=rows.len()).map(|row| 156.0 + 18.0 * row as f32).collect();
    labels
        .into_iter()
        .fold(Drawing::default(), centred)
        .horizontals(&[102.0], 60.0, 540.0)
        .horizontals(&ys, 60.0, 540.0)
        .rows(&[60.0, 130.0, 260.0, 330.0, 400.0, 470.0, 540.0], &ys, rows)
}

#[test]
fn labels_over_several_columns_stand_in_their_middle_on_every_page() {
    let first = [
        ["合计", "", "1,234.56", "1,000.00", "234.56", "2.82"],
        ["201", "一般公共服务支出", "1,226.97", "1,000.00", "226.97", "2.82"],
        ["20101", "人大事务", "1,226.97", "1,000.00", "226.97", ""],
    ];
    // No text of this page reaches its label but in one column, and 合计 is not there to tell where the first begins.
    let second = [["205", "教育", "7.59", "", "7.59", ""], ["20508", "培训", "7.59", "", "7.59", ""]];
    let outline = outline(pages(&[caption(grouped(&first), 100.0), grouped(&second)]));
    let [table] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
    let is_numbers = |row: &Vec<&str>| row.contains(&"栏次");
    let rows: Vec<Vec<&str>> = body(table).into_iter().filter(|row| !is_numbers(row)).collect();
    assert_eq!(rows, [first.as_slice(), &second].concat());
    let over = |text: &str| {
        let label = table.header.iter().find(|cell| cell.text == text);
        label.map(|cell| (cell.row, cell.column, cell.row_span, cell.column_span))
    };
    assert_eq!(over("项目"), Some((0, 0, 1, 2)));
    assert_eq!(over("本年支出"), Some((0, 2, 1, 3)));
    assert_eq!(over("年末结转"), Some((0, 5, 2, 1)));
    assert_eq!(over("科目名称"), Some((1, 1, 1, 1)));
}

#[test]
fn the_numbers_of_empty_columns_are_under_their_labels() {
    let labels = [
        (130.0, 123.0, "项目名称"),
        (240.0, 123.0, "合计"),
        (400.0, 114.0, "2026年财政拨款"),
        (320.0, 132.0, "公共预算"),
        (400.0, 132.0, "基金预算"),
        (480.0, 132.0, "资本预算"),
    ];
    // Numbers and amounts end at the right of their columns: those of the last two are beside the labels.
    let rights = [
        (278.0, 150.0, "2"),
        (358.0, 150.0, "3"),
        (438.0, 150.0, "4"),
        (518.0, 150.0, "5"),
        (278.0, 168.0, "796.41"),
        (358.0, 168.0, "796.41"),
        (278.0, 186.0, "12.10"),
        (358.0, 186.0, "12.10"),
    ];
    let lefts = [(150.0, "1"), (168.0, "合计"), (186.0, "日常工作经费")];
    let drawing = labels.into_iter().fold(Drawing::default(), centred);
    let drawing = lefts.into_iter().fold(drawing, |drawing, (baseline, text)| drawing.text(62.0, baseline, text));
    let drawing = rights
        .into_iter()
        .fold(drawing, |drawing, (right, baseline, text)| drawing.text(right - width(text), baseline, text));
    let outline = outline(pages(&[caption(drawing, 100.0)]));
    let [table] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
    let over = |text: &str| {
        let label = table.header.iter().find(|cell| cell.text == text);
        label.map(|cell| (cell.row, cell.column, cell.row_span, cell.column_span))
    };
    assert_eq!(over("2026年财政拨款"), Some((0, 2, 1, 3)));
    assert_eq!(over("基金预算"), Some((1, 3, 1, 1)));
    assert_eq!(over("资本预算"), Some((1, 4, 1, 1)));
}

#[test]
fn pages_that_are_turned() {
    let drawing = Drawing::default().grid(&XS, &YS).rows(&XS, &YS, &TABLE);
    // Drawn so that it stands upright when the page is shown: the file turns it, the drawing turns it back.
    let back = [(0, "1 0 0 1 0 0"), (90, "0 1 -1 0 842 0"), (180, "-1 0 0 -1 595 842"), (270, "0 -1 1 0 -247 842")];
    for (degrees, matrix) in back {
        let turned = format!("q {matrix} cm\n{}Q", drawing.0);
        let maker = Maker::new("UniGB-UTF16-H", "GB1").page(&turned, dictionary! {"Rotate" => degrees});
        let document = document(maker);
        let [grid] = grids(&document)[..] else { panic!("{degrees}: one grid") };
        assert_eq!(dense(grid), TABLE, "{degrees}");
    }
}

#[test]
fn a_wide_page_in_a_high_file() {
    let wide = dictionary! {"MediaBox" => vec![0.into(), 0.into(), 842.into(), 842.into()]};
    let drawing = Drawing::default().grid(&XS, &YS).rows(&XS, &YS, &TABLE);
    let maker = Maker::new("UniGB-UTF16-H", "GB1").page(&drawing.0, Dictionary::new()).page(&drawing.0, wide);
    let document = document(maker);
    assert_eq!(grids(&document).iter().map(|grid| dense(grid)).collect::<Vec<_>>(), [TABLE, TABLE]);
    assert_eq!(document.pages.iter().map(|page| page.width).collect::<Vec<_>>(), [595.0, 842.0]);
}

#[test]
fn a_page_set_wholly_in_turned_text_is_read_turned() {
    for borders in [Drawing::default().grid(&XS, &YS), Drawing::default()] {
        let drawing = borders.text(60.0, 80.0, "收支总表").rows(&XS, &YS, &TABLE);
        for matrix in ["0 1 -1 0 842 0", "0 -1 1 0 -247 842", "-1 0 0 -1 595 842"] {
            let turned = Drawing(format!("q {matrix} cm\n{}Q\n", drawing.0));
            let document = pages(&[turned, Drawing::default().text(60.0, 80.0, "说明")]);
            let [grid] = grids(&document)[..] else { panic!("{matrix}: one grid") };
            assert_eq!(dense(grid), TABLE, "{matrix}");
        }
    }
}

/// Rows of a table that goes on for pages: a code, a name and two figures.
fn numbered(from: usize, to: usize) -> Vec<[String; 4]> {
    (from..to)
        .map(|i| {
            [format!("20{i}"), format!("支出{}", char::from(b'A' + i as u8)), format!("{i}.00"), format!("{i}.00")]
        })
        .collect()
}

const HEADER: [&str; 4] = ["科目编码", "科目名称", "合计", "基本支出"];

fn strings(rows: &[[&str; 4]]) -> Vec<[String; 4]> {
    rows.iter().map(|row| row.map(str::to_string)).collect()
}

/// A ruled table of rows of 20 pt from `top`.
fn ruled(top: f32, rows: &[[String; 4]]) -> Drawing {
    let ys: Vec<f32> = (0..=rows.len()).map(|i| top + 20.0 * i as f32).collect();
    Drawing::default().grid(&XS, &ys).rows(&XS, &ys, rows)
}

fn caption(drawing: Drawing, top: f32) -> Drawing {
    drawing.text(240.0, top - 26.0, "支出预算总表").text(440.0, top - 8.0, "单位：万元")
}

#[test]
fn a_table_goes_on_over_pages_with_and_without_its_header() {
    let head = strings(&[HEADER]);
    let first = [head.clone(), numbered(10, 14)].concat();
    for repeated in [true, false] {
        let second = if repeated { [head.clone(), numbered(14, 17)].concat() } else { numbered(14, 17) };
        let outline = outline(pages(&[caption(ruled(700.0, &first), 700.0), ruled(60.0, &second)]));
        let [table] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
        assert_eq!(body(table), numbered(10, 17), "header repeated: {repeated}");
        assert_eq!(table.fragments.len(), 2);
    }
}

#[test]
fn a_row_that_the_page_break_cuts_is_whole_again() {
    let mut first = [strings(&[HEADER]), numbered(10, 13)].concat();
    first.push(["2013".into(), "机关事业单位基本".into(), "3.00".into(), "3.00".into()]);
    let second = [strings(&[["", "养老保险缴费支出", "", ""]]), numbered(14, 16)].concat();
    let outline = outline(pages(&[caption(ruled(700.0, &first), 700.0), ruled(60.0, &second)]));
    let [table] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
    let mut expected = numbered(10, 13);
    expected.push(["2013", "机关事业单位基本 养老保险缴费支出", "3.00", "3.00"].map(str::to_string));
    expected.extend(numbered(14, 16));
    assert_eq!(body(table), expected);
}

#[test]
fn a_header_that_the_page_break_cuts_is_whole_again() {
    // The groups of the header stand at the foot of a page, the columns under them at the head of the next.
    let groups = Drawing::default()
        .horizontals(&[760.0, 780.0], 60.0, 500.0)
        .verticals(&[60.0, 300.0, 500.0], 760.0, 780.0)
        .text(160.0, 774.0, "项目")
        .text(380.0, 774.0, "本年支出");
    let second = [strings(&[HEADER]), numbered(10, 13)].concat();
    let outline = outline(pages(&[caption(groups, 760.0), ruled(60.0, &second)]));
    let [table] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
    assert_eq!(body(table), numbered(10, 13));
    let path: Vec<&str> = table.column_path(3).iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(path, ["本年支出", "基本支出"]);
}

#[test]
fn a_cell_of_the_header_that_the_page_break_cuts_stays_its_own() {
    // 项目支出 reaches over both rows of the header, and the page ends between them.
    let groups = Drawing::default()
        .horizontals(&[760.0, 780.0], XS[0], XS[4])
        .verticals(&[XS[0], XS[1], XS[3], XS[4]], 760.0, 780.0)
        .text(XS[0] + 4.0, 774.0, "科目名称")
        .text(XS[1] + 4.0, 774.0, "基本支出")
        .text(XS[3] + 4.0, 774.0, "项目支出");
    let rows =
        [["", "小计", "人员经费", ""], ["教育支出", "1.00", "1.00", "4.00"], ["其他支出", "2.00", "2.00", "5.00"]];
    let outline = outline(pages(&[caption(groups, 760.0), ruled(60.0, &strings(&rows))]));
    let [table] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
    let path = |column: u32| table.column_path(column).iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>();
    assert_eq!(path(2), ["基本支出", "人员经费"]);
    assert_eq!(path(3), ["项目支出"]);
}

#[test]
fn lines_between_a_title_in_larger_type_and_its_grid_are_no_title() {
    // 河北: the year of the budget, then code and name of the unit beside the unit of money.
    let rows = [strings(&[HEADER]), numbered(10, 13)].concat();
    let drawing = ruled(140.0, &rows)
        .title(200.0, 80.0, "部门支出总表")
        .text(250.0, 104.0, "预算口径：全口径")
        .text(XS[0], 130.0, "滏水区应急局机关本级")
        .text(440.0, 130.0, "单位：万元");
    let outline = outline(pages(&[drawing]));
    let [table] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
    assert_eq!(table.caption.as_ref().map(|caption| caption.text.as_str()), Some("部门支出总表"));
    let subtitles: Vec<&str> = table.subtitles.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(subtitles, ["预算口径：全口径", "滏水区应急局机关本级"]);
    assert!(table.unit.is_some());
}

#[test]
fn a_caption_at_the_foot_of_a_page_belongs_to_the_table_on_the_next() {
    let second = [strings(&[HEADER]), numbered(10, 13)].concat();
    let foot = Drawing::default().text(60.0, 100.0, "一、说明。").text(240.0, 760.0, "支出预算总表").text(
        440.0,
        780.0,
        "单位：万元",
    );
    let outline = outline(pages(&[foot, ruled(60.0, &second)]));
    let [table] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
    assert_eq!(table.caption.as_ref().map(|caption| caption.text.as_str()), Some("支出预算总表"));
    assert_eq!(table.unit.as_ref().map(|unit| unit.text.as_str()), Some("单位：万元"));
}

#[test]
fn a_wide_table_goes_on_sideways() {
    // The next page has the same rows by their codes, and further columns.
    let first = [strings(&[HEADER]), numbered(10, 14)].concat();
    let further: Vec<[String; 4]> = numbered(10, 14)
        .into_iter()
        .map(|[code, name, ..]| [code.clone(), name, format!("{code}.50"), String::new()])
        .collect();
    let second = [strings(&[["科目编码", "科目名称", "项目支出", "上缴支出"]]), further].concat();
    let outline = outline(pages(&[caption(ruled(100.0, &first), 100.0), ruled(60.0, &second)]));
    let [table] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
    let labels: Vec<&str> = (0..table.columns).map(|column| table.column_path(column)[0].text.as_str()).collect();
    assert_eq!(labels, ["科目编码", "科目名称", "合计", "基本支出", "项目支出", "上缴支出"]);
    assert_eq!(body(table)[1], ["2011", "支出L", "11.00", "11.00", "2011.50", ""].map(String::from));
}

/// The pages of a sheet of five columns of figures, of which two stand on further pages: the first rows and the last,
/// left and right. The page's edge cuts the title and a group of the header.
fn strips() -> [Drawing; 4] {
    let (xs, ys) = (XS, [100.0, 120.0, 140.0, 160.0, 180.0]);
    let right = [60.0, 180.0, 300.0];
    let header = |drawing: Drawing, xs: &[f32], merged: &[f32]| {
        let (start, end) = (first(xs), last(xs));
        let under = merged.iter().fold(start, |start, x| start.max(*x));
        drawing.horizontals(&[100.0, 140.0, 160.0, 180.0], start, end).line(under, 120.0, end, 120.0)
    };
    let left = header(Drawing::default(), &xs, &xs[..4])
        .verticals(&xs, 100.0, 180.0)
        .text(60.0, 90.0, "部门：甲县林业局")
        .text(448.0, 74.0, "甲县支出预")
        .text(64.0, 124.0, "科目编码")
        .text(204.0, 124.0, "科目名称")
        .text(304.0, 124.0, "合计")
        .text(470.0, 114.0, "本年")
        .rows(
            &xs,
            &ys[1..],
            &[["", "", "", "基本支出"], ["201", "教育支出", "7.00", "4.00"], ["202", "其他支出", "9.00", "2.00"]],
        );
    let beside = header(Drawing::default(), &right, &[])
        .verticals(&right[..1], 100.0, 180.0)
        .verticals(&right[1..2], 120.0, 180.0)
        .verticals(&right[2..], 100.0, 180.0)
        .text(60.0, 74.0, "预算总表")
        .text(240.0, 90.0, "单位：万元")
        .text(61.0, 114.0, "年支出")
        .rows(&right, &ys[1..], &[["项目支出", "上缴上级支出"], ["4.00", "1.00"], ["2.00", "5.00"]]);
    let rows = [60.0, 80.0, 100.0, 120.0];
    let below = Drawing::default().grid(&xs, &rows).rows(
        &xs,
        &rows,
        &[
            ["203", "农林水支出", "3.00", "1.00"],
            ["204", "住房保障支出", "6.00", "3.00"],
            ["205", "国防支出", "8.00", "3.00"],
        ],
    );
    let corner =
        Drawing::default().grid(&right, &rows).rows(&right, &rows, &[["1.00", "1.00"], ["3.00", ""], ["3.00", "2.00"]]);
    [left, beside, below, corner]
}

#[test]
fn columns_that_find_no_room_stand_on_further_pages_in_either_order() {
    let [left, right, left_below, right_below] = strips();
    let across = [left.clone(), right.clone(), left_below.clone(), right_below.clone()];
    for (order, drawings) in [("over, then down", across), ("down, then over", [left, left_below, right, right_below])]
    {
        let outline = outline(pages(&drawings));
        let [table] = outline.tables.as_slice() else { panic!("{} tables, {order}", outline.tables.len()) };
        let text = |label: &Option<mingzhang::base::place::Printed>| label.as_ref().map(|label| label.text.clone());
        assert_eq!(text(&table.caption).as_deref(), Some("甲县支出预算总表"), "{order}");
        assert_eq!(text(&table.unit).as_deref(), Some("单位：万元"), "{order}");
        let expected = [
            ["201", "教育支出", "7.00", "4.00", "4.00", "1.00"],
            ["202", "其他支出", "9.00", "2.00", "2.00", "5.00"],
            ["203", "农林水支出", "3.00", "1.00", "1.00", "1.00"],
            ["204", "住房保障支出", "6.00", "3.00", "3.00", ""],
            ["205", "国防支出", "8.00", "3.00", "3.00", "2.00"],
        ];
        assert_eq!(body(table), expected, "{order}");
        for (column, own) in [(3, "基本支出"), (4, "项目支出"), (5, "上缴上级支出")] {
            let path: Vec<&str> = table.column_path(column).iter().map(|cell| cell.text.as_str()).collect();
            assert_eq!(path, ["本年支出", own], "{order}");
        }
        assert_eq!(table.fragments.len(), 4, "{order}");
        let beside = table.fragments.iter().filter_map(|fragment| fragment.joined_by.as_deref());
        assert_eq!(beside.filter(|reason| *reason == "further columns at the same heights").count(), 2, "{order}");
        let figure = table.rows[0].cells.iter().find(|cell| cell.column == 5).map(|cell| cell.place.page());
        assert_eq!(figure, Some(Some(if order == "over, then down" { 2 } else { 3 })), "{order}");
    }
}

#[test]
fn a_group_of_columns_that_both_edges_of_a_page_cut_has_no_lines_beside_it() {
    let (xs, ys, right) = (XS, [100.0, 120.0, 140.0, 160.0], [60.0, 280.0, 500.0]);
    let left = Drawing::default()
        .horizontals(&[100.0, 140.0, 160.0], xs[0], xs[4])
        .line(xs[3], 120.0, xs[4], 120.0)
        .verticals(&xs[..4], 100.0, 160.0)
        .line(xs[4], 120.0, xs[4], 160.0)
        .text(60.0, 90.0, "部门：甲县司法局")
        .rows(&xs, &ys[1..], &[["科目编码", "科目名称", "合计", "小计"], ["201", "教育支出", "9.00", "7.00"]]);
    let middle = Drawing::default()
        .text(250.0, 74.0, "支出预算总表")
        .horizontals(&ys, right[0], right[2])
        .verticals(&right, 120.0, 160.0)
        .text(260.0, 114.0, "当年安排")
        .rows(&right, &ys[1..], &[["基本支出", "项目支出"], ["4.00", "2.00"]]);
    let last = Drawing::default()
        .text(440.0, 90.0, "单位：万元")
        .horizontals(&[100.0, 140.0, 160.0], right[0], right[2])
        .line(right[0], 120.0, right[1], 120.0)
        .line(right[0], 120.0, right[0], 160.0)
        .verticals(&right[1..], 100.0, 160.0)
        .rows(&right, &ys[1..], &[["其他支出", "上年结转"], ["1.00", "2.00"]]);
    let outline = outline(pages(&[left, middle, last]));
    let [table] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
    assert_eq!(body(table), [["201", "教育支出", "9.00", "7.00", "4.00", "2.00", "1.00", "2.00"]]);
    let path = |column| table.column_path(column).iter().map(|cell| cell.text.clone()).collect::<Vec<_>>();
    for (column, own) in [(3, "小计"), (4, "基本支出"), (5, "项目支出"), (6, "其他支出")] {
        assert_eq!(path(column), ["当年安排", own]);
    }
    assert_eq!((path(2), path(7)), (vec!["合计".to_string()], vec!["上年结转".to_string()]));
    assert!(outline.unbound.is_empty());
}

#[test]
fn rows_at_the_same_heights_under_a_caption_of_their_own_are_another_table() {
    let [left, _, _, _] = strips();
    let right = [60.0, 180.0, 300.0];
    let heights = [100.0, 140.0, 160.0, 180.0];
    let other = Drawing::default().grid(&right, &heights).text(120.0, 74.0, "政府采购支出表").rows(
        &right,
        &heights,
        &[["采购项目", "金额"], ["办公设备", "4.00"], ["印刷服务", "5.00"]],
    );
    let left = left.text(240.0, 74.0, "项目支出表");
    assert_eq!(outline(pages(&[left, other])).tables.len(), 2);
}

#[test]
fn both_sides_of_a_table_of_two_may_be_equally_wide() {
    let xs = [60.0, 260.0, 500.0];
    let ys = [100.0, 120.0, 140.0, 160.0];
    let side = |rows: &[[&str; 2]]| Drawing::default().grid(&xs, &ys).rows(&xs, &ys, rows);
    let revenue = side(&[["项目", "收入预算数"], ["财政拨款收入", "7.00"], ["收入总计", "7.00"]]);
    let expenditure = side(&[["项目", "支出预算数"], ["教育支出", "7.00"], ["支出总计", "7.00"]]);
    let cut = [
        revenue.clone().text(448.0, 74.0, "甲县部门收"),
        expenditure.clone().text(60.0, 74.0, "收支总表").text(440.0, 90.0, "单位：万元"),
    ];
    let outline = outline(pages(&cut));
    let [table] = outline.tables.as_slice() else { panic!("{} tables", outline.tables.len()) };
    assert_eq!(table.caption.as_ref().map(|caption| caption.text.as_str()), Some("甲县部门收支总表"));
    assert_eq!(body(table), [["财政拨款收入", "7.00", "教育支出", "7.00"], ["收入总计", "7.00", "支出总计", "7.00"]]);
}

/// 北京财政局 2026 预算表12, p23: the name and the amount of a project reach over the whole page, so that no line across
/// meets the borders of their cells.
#[test]
fn cells_as_tall_as_the_page_stand_beside_its_rows() {
    let (tall, ruled) = ([60.0, 200.0], [300.0, 400.0, 500.0]);
    let drawing = Drawing::default()
        .verticals(&tall, 100.0, 160.0)
        .verticals(&ruled, 100.0, 160.0)
        .horizontals(&[100.0, 120.0, 140.0, 160.0], 300.0, 500.0)
        .row(&[60.0, 200.0, 300.0], 133.0, &["设备购置", "12.50"])
        .row(&ruled, 114.0, &["数量", "1"])
        .row(&ruled, 134.0, &["质量", "2"])
        .row(&ruled, 154.0, &["时效", "3"]);
    let document = pages(&[drawing]);
    let grid = document
        .blocks
        .iter()
        .find_map(|block| if let Block::Grid(grid) = block { Some(grid) } else { None })
        .expect("a grid");
    assert_eq!((grid.rows, grid.columns), (3, 4));
    let cell = |row, column| grid.cell_at(row, column).map(|cell| (cell.text.as_str(), cell.row_span));
    assert_eq!([cell(0, 0), cell(0, 1)], [Some(("设备购置", 3)), Some(("12.50", 3))]);
    assert_eq!([cell(1, 2), cell(2, 3)], [Some(("质量", 1)), Some(("3", 1))]);
}

//! Tables of PDFs as found on their pages, for the scorers of tables and amounts.
//!
//! `grids rows FILE.pdf` prints `[{"page": 1, "method": "ruled", "rows": [["…", …], …]}, …]`, `grids figures FILE.pdf` a line
//! `{"page": 1, "printed": "…"}` for every cell that holds a figure.

use mingzhang::base::amount::parse_figure;
use mingzhang::base::place::Place;
use mingzhang::read::{Block, Source, read};
use mingzhang::segment::unruled::complete;
use mingzhang::spec::Specs;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(mode), Some(name)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!("usage: grids rows|figures FILE.pdf");
    };
    let source = Source { bytes: std::sync::Arc::new(std::fs::read(&name)?), name, password: None };
    let mut document = read(&source, &mut Vec::new())?;
    complete(&mut document, &Specs::builtin()?, &mut Vec::new());
    let mut tables = Vec::new();
    for block in &document.blocks {
        let Block::Grid(grid) = block else { continue };
        let Place::Page { page, .. } = grid.place else { continue };
        if mode == "figures" {
            for cell in grid.cells.iter().filter(|cell| parse_figure(&cell.text).is_some()) {
                println!("{}", serde_json::json!({"page": page, "printed": cell.text}));
            }
            continue;
        }
        let rows: Vec<Vec<&str>> = (0..grid.rows)
            .map(|row| grid.cells.iter().filter(|cell| cell.row == row).map(|cell| cell.text.as_str()).collect())
            .collect();
        tables.push(serde_json::json!({"page": page, "method": grid.method, "rows": rows}));
    }
    if mode == "rows" {
        println!("{}", serde_json::to_string(&tables)?);
    }
    Ok(())
}

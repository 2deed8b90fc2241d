//! The canonical form of a disclosure: everything that is serialised. Shapes and their documentation only.
//!
//! Rules that hold everywhere: amounts are decimal strings in the printed unit; a blank cell is absent, never 0;
//! whatever was printed is kept beside what was understood; everything has its place.

pub mod disclosure;
pub mod measures;
pub mod narrative;
pub mod performance;
pub mod table;

pub use disclosure::*;
pub use narrative::*;
pub use performance::*;
pub use table::*;

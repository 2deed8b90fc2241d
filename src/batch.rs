//! Many inputs: folders walked, documents worked on side by side, results handed out in order.

pub mod baseline;
mod inputs;

pub use inputs::{Input, Inputs, collect, targets};

use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::model::Disclosure;
use crate::read::{ReadError, Source};
use crate::spec::Specs;

/// Nested objects of a broken PDF go deep.
const STACK_BYTES: usize = 64 << 20;

/// An input that gave nothing, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub name: String,
    pub message: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}

/// A document with the bytes that it came from.
#[derive(Debug)]
pub struct Extraction {
    pub source: Source,
    pub disclosure: Disclosure,
}

/// Reads one input and does `work` on it.
///
/// # Errors
/// Where the input is refused; and where the program itself fails: a fault in one document is a message, not the end
/// of the others.
pub fn with_source<R>(
    input: &Input,
    password: Option<&str>,
    work: impl FnOnce(Source) -> Result<R, ReadError>,
) -> Result<R, Refusal> {
    let refusal = |message: String| Refusal { name: input.name.clone(), message };
    let source = Source::open(&input.path, &input.name, password).map_err(|error| refusal(error.message))?;
    match catch_unwind(AssertUnwindSafe(|| work(source))) {
        Ok(result) => result.map_err(|error| refusal(error.message)),
        Err(cause) => {
            let said = cause.downcast_ref::<&str>().map(ToString::to_string);
            let said = said.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
            Err(refusal(format!("internal error, a fault of mingzhang: {said}")))
        }
    }
}

/// The whole way for one input.
///
/// # Errors
/// As [`with_source`].
pub fn extract(input: &Input, specs: &Specs, password: Option<&str>) -> Result<Extraction, Refusal> {
    with_source(input, password, |source| {
        let disclosure = crate::extract(&source, specs)?;
        Ok(Extraction { source, disclosure })
    })
}

/// Works on all items with `jobs` threads and hands the results to `each` in the order of the items.
///
/// `each` stops everything with `Break`. With one job, what a document took is given back by the thread that took it.
///
/// # Errors
/// Where the threads cannot be started.
pub fn in_order<T: Sync, R: Send>(
    items: &[T],
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
    mut each: impl FnMut(&T, R) -> ControlFlow<()> + Send,
) -> io::Result<()> {
    if jobs == 1 {
        return alone(|| {
            let _ = items.iter().try_for_each(|item| each(item, work(item)));
        });
    }
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(jobs).stack_size(STACK_BYTES).build().map_err(io::Error::other)?;
    let stop = AtomicBool::new(false);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        let (pool, stop, work) = (&pool, &stop, &work);
        scope.spawn(move || {
            pool.install(|| {
                // A bridge hands the items out one by one, so that results arrive nearly in order.
                items.iter().enumerate().par_bridge().for_each_with(sender, |sender, (index, item)| {
                    if !stop.load(Ordering::Relaxed) {
                        // The receiver is gone only when everything was stopped.
                        let _ = sender.send((index, work(item)));
                    }
                });
            });
        });
        let mut waiting = std::collections::BTreeMap::new();
        let mut next = 0;
        for (index, result) in receiver {
            waiting.insert(index, result);
            while let (Some(result), Some(item)) = (waiting.remove(&next), items.get(next)) {
                next += 1;
                if each(item, result).is_break() {
                    stop.store(true, Ordering::Relaxed);
                    return;
                }
            }
        }
    });
    Ok(())
}

/// Runs on one thread whose stack is large enough.
fn alone(run: impl FnOnce() + Send) -> io::Result<()> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run)?;
        thread.join().unwrap_or_else(|cause| resume_unwind(cause));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..200).collect();
        for jobs in [1, 2, 7] {
            let mut seen = Vec::new();
            let slow_then_fast = |item: &u64| {
                std::thread::sleep(std::time::Duration::from_micros(200 - item));
                item * 2
            };
            in_order(&items, jobs, slow_then_fast, |item, result| {
                seen.push((*item, result));
                ControlFlow::Continue(())
            })
            .expect("threads");
            assert_eq!(seen, items.iter().map(|item| (*item, item * 2)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn stopping_stops() {
        let items: Vec<u32> = (0..10_000).collect();
        let mut seen = 0;
        in_order(
            &items,
            2,
            |item| *item,
            |_, _| {
                seen += 1;
                if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        )
        .expect("threads");
        assert_eq!(seen, 3);
    }

    #[test]
    fn a_fault_in_one_document_is_a_refusal() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "文").expect("a file");
        let input = Input { name: "a.txt".into(), path, relative: "a.txt".into() };
        let refused = with_source(&input, None, |_| -> Result<(), ReadError> { panic!("on purpose") });
        assert_eq!(
            refused.map_err(|refusal| refusal.to_string()),
            Err("a.txt: internal error, a fault of mingzhang: on purpose".into())
        );
    }
}

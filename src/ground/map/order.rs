//! What finds entries and keeps their order: it knows places only, so it is in the module once.

use crate::ground::{Gather, size};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// The places of entries in the order of their keys, in runs of which none is long: to put one in between moves few. While
/// keys come in order, as most do, there are no runs: a place stands where it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    runs: Option<Box<Runs>>,
}

#[derive(Clone, Debug)]
struct Runs(Vec<Vec<u32>>);

/// Where in an order a place stands or belongs: the run, and where in it.
type Spot = (usize, usize);

/// Places in a run.
const RUN: usize = 512;

impl Order {
    /// An order in which each place stands where it is.
    pub(super) const fn new() -> Self {
        Self { runs: None }
    }

    /// Whether each place stands where it is.
    pub(super) const fn is_plain(&self) -> bool {
        self.runs.is_none()
    }

    fn runs(&self) -> &[Vec<u32>] {
        self.runs.as_ref().map_or(&[], |runs| &runs.0)
    }

    /// The place of so many that compares as equal.
    pub(super) fn find(&self, count: usize, compare: &dyn Fn(usize) -> Ordering) -> Option<usize> {
        self.spot(count, compare).ok().map(|spot| self.at(spot))
    }

    /// The place of so many that compares as equal; where there is none, the next place is put where it belongs.
    pub(super) fn enter(&mut self, count: usize, compare: &dyn Fn(usize) -> Ordering) -> Option<usize> {
        match self.spot(count, compare) {
            Ok(spot) => Some(self.at(spot)),
            Err(spot) => {
                self.insert(spot, count);
                None
            }
        }
    }

    fn spot(&self, count: usize, compare: &dyn Fn(usize) -> Ordering) -> Result<Spot, Spot> {
        let runs = self.runs();
        if runs.is_empty() {
            return among(count, compare).map(|at| (0, at)).map_err(|at| (0, at));
        }
        let run = runs.partition_point(|run| run.last().is_some_and(|last| compare(*last as usize).is_lt()));
        let Some(places) = runs.get(run) else {
            // It comes after all of them: at the end of the last run.
            return Err(runs.last().map_or((0, 0), |last| (run - 1, last.len())));
        };
        let place = |at: usize| places.get(at).map_or(Ordering::Equal, |place| compare(*place as usize));
        among(places.len(), &place).map(|at| (run, at)).map_err(|at| (run, at))
    }

    fn at(&self, (run, at): Spot) -> usize {
        let Some(runs) = &self.runs else { return at };
        runs.0.get(run).and_then(|run| run.get(at)).map_or(usize::MAX, |place| *place as usize)
    }

    fn insert(&mut self, (run, at): Spot, place: usize) {
        let Some(runs) = &mut self.runs else {
            if at < place {
                let all: Vec<u32> = (0..).take(place).listed();
                self.runs = Some(Box::new(Runs(all.chunks(RUN).map(Into::into).listed())));
                self.insert((at / RUN, at % RUN), place);
            }
            return;
        };
        let place = size(place);
        let Some(places) = runs.0.get_mut(run) else { return };
        places.insert(at, place);
        if places.len() > RUN {
            // What grows at its end keeps full runs behind it.
            let rest = places.split_off(if at == RUN { RUN } else { RUN / 2 });
            runs.0.insert(run + 1, rest);
        }
    }

    pub(super) fn places(&self, count: usize) -> Places<'_> {
        let there = if self.is_plain() { 0..count } else { 0..0 };
        Places { there, runs: self.runs().iter(), run: [].iter() }
    }
}

/// Which of so many compares as equal, or where it would stand.
fn among(count: usize, compare: &dyn Fn(usize) -> Ordering) -> Result<usize, usize> {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = usize::midpoint(from, to);
        match compare(middle) {
            Ordering::Less => from = middle + 1,
            Ordering::Equal => return Ok(middle),
            Ordering::Greater => to = middle,
        }
    }
    Err(from)
}

/// Places, in order.
#[derive(Clone, Debug)]
pub(super) struct Places<'a> {
    /// Those that stand where they are.
    there: core::ops::Range<usize>,
    runs: core::slice::Iter<'a, Vec<u32>>,
    run: core::slice::Iter<'a, u32>,
}

impl Iterator for Places<'_> {
    type Item = usize;

    #[inline(never)]
    fn next(&mut self) -> Option<usize> {
        if let Some(place) = self.there.next() {
            return Some(place);
        }
        loop {
            if let Some(place) = self.run.next() {
                return Some(*place as usize);
            }
            self.run = self.runs.next()?.iter();
        }
    }
}

//! Memory that threads lend each other: of what is dear to make there is as much as is in use at once.
//!
//! Rayon makes what a parallel iterator begins with once a job, and a job may be a single replication.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard};

/// What is lent, as far as it is not.
#[derive(Debug)]
pub(super) struct Shelf<T>(Mutex<Vec<T>>);

impl<T> Shelf<T> {
    pub fn new() -> Shelf<T> {
        Shelf(Mutex::new(Vec::new()))
    }

    /// One that has been used before if there is one, else a new one, until it is dropped.
    pub fn lend(&self, new: impl FnOnce() -> T) -> Lent<'_, T> {
        let used = self.lock().pop();
        Lent {
            thing: Some(used.unwrap_or_else(new)),
            shelf: self,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        // Nothing that can panic is done while it is locked.
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Something lent, which goes back as it is dropped.
#[derive(Debug)]
pub(super) struct Lent<'a, T> {
    /// There until then.
    thing: Option<T>,
    shelf: &'a Shelf<T>,
}

impl<T> Deref for Lent<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.thing.as_ref().expect("it goes back only as it is dropped")
    }
}

impl<T> DerefMut for Lent<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.thing.as_mut().expect("it goes back only as it is dropped")
    }
}

impl<T> Drop for Lent<'_, T> {
    fn drop(&mut self) {
        self.shelf.lock().extend(self.thing.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_as_much_as_is_in_use_at_once() {
        let shelf = Shelf::new();
        let mut made = 0;
        let mut make = || {
            made += 1;
            made
        };
        let (first, second) = (shelf.lend(&mut make), shelf.lend(&mut make));
        assert_eq!((*first, *second), (1, 2));
        drop(first);
        assert_eq!(*shelf.lend(&mut make), 1);
        drop(second);
        assert_eq!(shelf.lock().len(), 2);
    }
}

//! Many short lists in one piece of memory.

use std::ops::Index;

/// Lists by number, eight bytes each and their items.
#[derive(Clone, Debug)]
pub(super) struct Lists<T> {
    items: Vec<T>,
    /// Where each list ends.
    ends: Vec<usize>,
}

impl<T> Lists<T> {
    /// Adds a list, which gets the next number.
    pub(super) fn push(&mut self, list: impl IntoIterator<Item = T>) {
        self.items.extend(list);
        self.ends.push(self.items.len());
    }

    /// The list of each number below `n`, from pairs of a number and an item. Items keep their order.
    pub(super) fn grouped(n: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Self
    where
        T: Copy + Default,
    {
        let mut ends = vec![0; n];
        pairs.clone().for_each(|(at, _)| ends[at as usize] += 1);
        let mut sum = 0;
        for end in &mut ends {
            // For now, where the list starts.
            sum += std::mem::replace(end, sum);
        }
        let mut items = vec![T::default(); sum];
        for (at, item) in pairs {
            let end = &mut ends[at as usize];
            items[*end] = item;
            *end += 1;
        }
        Self { items, ends }
    }

    /// Number of lists.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A list, if there is one of this number.
    pub(super) fn get(&self, at: usize) -> Option<&[T]> {
        (at < self.len()).then(|| &self[at])
    }

    /// All lists, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[T]> + Clone {
        (0..self.len()).map(|at| &self[at])
    }

    /// The items of all lists, one list after the other.
    pub(super) fn items(&self) -> &[T] {
        &self.items
    }

    /// Changes each list in place.
    pub(super) fn for_each_mut(&mut self, mut change: impl FnMut(&mut [T])) {
        let mut start = 0;
        for &end in &self.ends {
            change(&mut self.items[start..end]);
            start = end;
        }
    }

    /// The same lists of other items.
    pub(super) fn map<U>(self, of: impl Fn(T) -> U) -> Lists<U> {
        Lists { items: self.items.into_iter().map(of).collect(), ends: self.ends }
    }
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self { items: Vec::new(), ends: Vec::new() }
    }
}

impl<T> Index<usize> for Lists<T> {
    type Output = [T];

    fn index(&self, at: usize) -> &[T] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[start..self.ends[at]]
    }
}

impl<T, L: IntoIterator<Item = T>> FromIterator<L> for Lists<T> {
    fn from_iter<I: IntoIterator<Item = L>>(lists: I) -> Self {
        let lists = lists.into_iter();
        let mut all = Self { items: Vec::new(), ends: Vec::with_capacity(lists.size_hint().0) };
        lists.for_each(|list| all.push(list));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_their_items() {
        let lists: Lists<u32> = [vec![1, 2], vec![], vec![3]].into_iter().collect();
        assert_eq!(lists.iter().collect::<Vec<_>>(), [&[1, 2][..], &[], &[3]]);
        assert_eq!(lists.map(|item| item + 1).items(), [2, 3, 4]);
        let grouped = Lists::grouped(4, [(2, 'a'), (0, 'b'), (2, 'c')].into_iter());
        assert_eq!(grouped.iter().collect::<Vec<_>>(), [&['b'][..], &[], &['a', 'c'], &[]]);
    }
}

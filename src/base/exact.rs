//! Lists without spare room, for what is kept of every page.
//!
//! What is pushed to has room for up to as much again. New memory is asked for, because mimalloc shrinks nothing that
//! stays half full (`mi_realloc`), so `shrink_to_fit` alone changes little. A text is made exact by `Box::from`.

/// Moves a list to memory of its size.
pub fn exact<T>(grown: &mut Vec<T>) {
    if grown.capacity() > grown.len() {
        let mut own = Vec::with_capacity(grown.len());
        own.append(grown);
        *grown = own;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_list_loses_its_spare_room_and_nothing_else() {
        let mut grown = Vec::with_capacity(64);
        grown.extend(["a", "b", "c"]);
        super::exact(&mut grown);
        assert_eq!((grown.as_slice(), grown.capacity()), (["a", "b", "c"].as_slice(), 3));
        super::exact(&mut grown);
        assert_eq!(grown.capacity(), 3);
    }
}

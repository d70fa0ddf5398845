//! A module that was generated from other files than those of the project does not compile.

/// Compares a file of the project with the one that the module was generated from, by its [hash](super::content_hash).
///
/// The path is seen from `src/orm/`, because `include_bytes!` starts at the file that calls the macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_fresh {
    ($path:literal, $hash:literal) => {
        const _: () = ::core::assert!(
            $crate::generated::content_hash(::core::include_bytes!(::core::concat!(
                "../../", $path
            ))) == $hash,
            "{}",
            ::core::concat!(
                $path,
                " was edited after this module was generated: run `cargo xact codegen`"
            ),
        );
    };
}

//! The promises of `xact migrate`, each command as users type it.

mod world;

mod adopting;
mod crashes;
mod differences;
mod folder;
mod forward_and_back;
mod messages;
mod newer;
mod outside;
mod plans;
mod pooler;
mod renames;
mod scripts;
mod show;
mod squash;
mod stock;
mod together;
mod tree;

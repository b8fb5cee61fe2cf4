//! Packs the weights of a model folder as those of the built-in model are: layers in eight bits, word vectors in five.
//!
//! ```text
//! pack OUT/model models/news-multi
//! ```
//!
//! The first folder has its weights in one `model.safetensors` in f32, f16 or bf16. Its other files are copied.

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut folders = std::env::args_os().skip(1).map(PathBuf::from);
    let (from, to) =
        folders.next().zip(folders.next()).ok_or("expected two folders: that of a model, and the new one")?;
    std::fs::create_dir_all(&to)?;
    for file in std::fs::read_dir(&from)? {
        let file = file?;
        let (path, new) = (file.path(), to.join(file.file_name()));
        if file.file_name() == "model.safetensors" {
            std::fs::write(new, allonym::model::pack(&std::fs::read(path)?)?)?;
        } else {
            std::fs::copy(path, new)?;
        }
    }
    Ok(())
}

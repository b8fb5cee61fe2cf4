//! The entities of an archive as a table, and what occurs with what as a graph.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use rusqlite::Connection;

use super::code::unpack;
use super::show::{counted, merges};
use super::{Archive, Error};
use crate::io::EntityWriter;

/// Form of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphForm {
    /// GraphML, as Gephi, yEd, Cytoscape and networkx read it: nodes with name, label, mentions and documents, edges with the number of
    /// documents.
    GraphMl,
    /// A table of edges: `source`, `target`, their names and labels, and the number of documents.
    Csv,
}

/// Which entities are exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selection {
    /// Least number of mentions. Default: 1.
    pub min_mentions: u64,
    /// Least number of documents of an entity, and of a pair in a graph. Default: 1.
    pub min_documents: u64,
}

impl Default for Selection {
    fn default() -> Self {
        Self { min_mentions: 1, min_documents: 1 }
    }
}

impl Selection {
    /// Entities with at least so many mentions, in at least so many documents.
    pub fn new(min_mentions: u64, min_documents: u64) -> Self {
        Self { min_mentions: min_mentions.max(1), min_documents: min_documents.max(1) }
    }
}

/// A node of a graph.
struct Node {
    id: String,
    name: String,
    label: String,
    mentions: u64,
    documents: u64,
}

impl Archive {
    /// Writes the entities, those with most mentions first, with their aliases, ids and reasons; returns how many.
    ///
    /// # Errors
    /// When the database fails or the table cannot be written.
    pub fn export(&self, selection: Selection, writer: &mut EntityWriter<'_>) -> Result<usize, Error> {
        let rows = self.read(|connection| {
            let mut find = connection.prepare(
                "SELECT row FROM entities WHERE survivor = row AND mentions >= ?1 AND documents >= ?2 ORDER BY mentions DESC, name, id",
            )?;
            find.query_map((selection.min_mentions, selection.min_documents), |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()
        })?;
        for &row in &rows {
            let (entity, merges) = self.read(|connection| Ok((counted(connection, row)?, merges(connection, row)?)))?;
            writer.write(&entity, &merges)?;
        }
        Ok(rows.len())
    }

    /// Writes which entities occur in the same documents; returns the number of edges.
    ///
    /// # Errors
    /// When the database fails or the graph cannot be written.
    pub fn export_graph(&self, selection: Selection, form: GraphForm, out: impl Write) -> Result<usize, Error> {
        let (nodes, edges) = self.read(|connection| graph(connection, selection))?;
        match form {
            GraphForm::GraphMl => graphml(&nodes, &edges, out).map_err(Error::Export)?,
            GraphForm::Csv => csv(&nodes, &edges, out).map_err(Error::Export)?,
        }
        Ok(edges.len())
    }
}

type Edges = BTreeMap<(u32, u32), u64>;

/// The entities, and for each pair of them the number of documents that have both.
fn graph(connection: &Connection, selection: Selection) -> rusqlite::Result<(Vec<Node>, Edges)> {
    let mut find = connection.prepare(
        "SELECT row, id, name, label, mentions, documents FROM entities WHERE survivor = row AND mentions >= ?1 AND documents >= ?2
         ORDER BY mentions DESC, name, id",
    )?;
    let mut places: HashMap<i64, u32> = HashMap::new();
    let mut nodes = Vec::new();
    let mut rows = find.query((selection.min_mentions, selection.min_documents))?;
    while let Some(row) = rows.next()? {
        places.insert(row.get(0)?, u32::try_from(nodes.len()).expect("fewer than 2^32 entities"));
        let (id, name, label) = (row.get(1)?, row.get(2)?, row.get(3)?);
        nodes.push(Node { id, name, label, mentions: row.get(4)?, documents: row.get(5)? });
    }
    let mut redirects = connection.prepare("SELECT row, survivor FROM entities WHERE survivor <> row")?;
    let redirects: HashMap<i64, i64> =
        redirects.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    let has_split: bool =
        connection.query_row("SELECT EXISTS (SELECT 1 FROM decisions WHERE what = 'split')", (), |row| row.get(0))?;
    let mut packed = connection.prepare("SELECT row, entities FROM documents")?;
    let mut exact = connection.prepare(
        "SELECT DISTINCT e.survivor FROM mentions m JOIN aliases a ON a.row = m.alias JOIN names n ON n.row = a.name
         JOIN entities e ON e.row = n.entity WHERE m.document = ?1",
    )?;
    let mut edges: HashMap<(u32, u32), u64> = HashMap::new();
    let mut documents = packed.query(())?;
    while let Some(row) = documents.next()? {
        let rows: Vec<i64> = if has_split {
            exact.query_map([row.get::<_, i64>(0)?], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
        } else {
            unpack(row.get_ref(1)?.as_blob()?)
        };
        let here: BTreeSet<u32> =
            rows.iter().filter_map(|row| places.get(redirects.get(row).unwrap_or(row))).copied().collect();
        let here: Vec<u32> = here.into_iter().collect();
        for (nth, &a) in here.iter().enumerate() {
            here[nth + 1..].iter().for_each(|&b| *edges.entry((a, b)).or_default() += 1);
        }
    }
    Ok((nodes, edges.into_iter().filter(|(_, n)| *n >= selection.min_documents).collect()))
}

fn graphml(nodes: &[Node], edges: &Edges, out: impl Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(io::BufWriter::new(out), b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = xml.create_element("graphml").with_attribute(("xmlns", "http://graphml.graphdrawing.org/xmlns"));
    root.write_inner_content(|xml| {
        for (id, of, kind) in [
            ("name", "node", "string"),
            ("label", "node", "string"),
            ("mentions", "node", "long"),
            ("documents", "node", "long"),
            ("weight", "edge", "long"),
        ] {
            let key = xml.create_element("key").with_attributes([
                ("id", id),
                ("for", of),
                ("attr.name", id),
                ("attr.type", kind),
            ]);
            key.write_empty()?;
        }
        let graph = xml.create_element("graph").with_attribute(("edgedefault", "undirected"));
        graph.write_inner_content(|xml| {
            for node in nodes {
                let (mentions, documents) = (node.mentions.to_string(), node.documents.to_string());
                let data =
                    [("name", &node.name), ("label", &node.label), ("mentions", &mentions), ("documents", &documents)];
                xml.create_element("node").with_attribute(("id", node.id.as_str())).write_inner_content(|xml| {
                    data.iter().try_for_each(|(key, value)| {
                        xml.create_element("data")
                            .with_attribute(("key", *key))
                            .write_text_content(BytesText::new(value))
                            .map(|_| ())
                    })
                })?;
            }
            for (&(a, b), n) in edges {
                let ends = [("source", nodes[a as usize].id.as_str()), ("target", nodes[b as usize].id.as_str())];
                xml.create_element("edge").with_attributes(ends).write_inner_content(|xml| {
                    let n = n.to_string();
                    xml.create_element("data")
                        .with_attribute(("key", "weight"))
                        .write_text_content(BytesText::new(&n))
                        .map(|_| ())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })?;
    let mut out = xml.into_inner();
    out.write_all(b"\n")?;
    out.flush()
}

fn csv(nodes: &[Node], edges: &Edges, out: impl Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["source", "target", "source_name", "target_name", "source_label", "target_label", "weight"])?;
    for (&(a, b), n) in edges {
        let (a, b) = (&nodes[a as usize], &nodes[b as usize]);
        table.write_record([&a.id, &b.id, &a.name, &b.name, &a.label, &b.label, &n.to_string()])?;
    }
    table.flush()
}

//! The file of an upload, as an importer sees it.

use std::io::Cursor;

use calamine::{Data, DataType, Reader};

/// What the lines say, as text. The header is line 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// The cells of a workbook that are numbers, dates or formulas: line and column, from 0.
    pub not_text: Vec<(usize, usize)>,
}

impl Sheet {
    pub fn new(header: &[&str], rows: &[&[&str]]) -> Sheet {
        let texts = |cells: &[&str]| cells.iter().map(|&c| c.to_owned()).collect();
        let rows = rows.iter().map(|row| texts(row)).collect();
        Sheet { header: texts(header), rows, not_text: Vec::new() }
    }

    /// A CSV in UTF-8. Lines of different lengths are an error, as everywhere.
    pub fn of_csv(bytes: &[u8]) -> Result<Sheet, String> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut lines = Vec::new();
        for line in csv::ReaderBuilder::new().has_headers(false).from_reader(bytes).records() {
            let line = line.map_err(|e| e.to_string())?;
            lines.push(line.iter().map(str::to_owned).collect::<Vec<_>>());
        }
        if lines.is_empty() {
            return Err("the file is empty".to_owned());
        }
        let header = lines.remove(0);
        Ok(Sheet { header, rows: lines, not_text: Vec::new() })
    }

    /// The first sheet of a workbook.
    pub fn of_workbook(bytes: &[u8]) -> Result<Sheet, String> {
        let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))
            .map_err(|e| format!("no workbook: {e}"))?;
        let range = book.worksheet_range_at(0).ok_or("no sheet")?.map_err(|e| e.to_string())?;
        let mut not_text = Vec::new();
        let mut lines: Vec<Vec<String>> = Vec::new();
        for (line, row) in range.rows().enumerate() {
            let mut cells = Vec::new();
            for (column, cell) in row.iter().enumerate() {
                if !matches!(cell, Data::String(_) | Data::Empty) {
                    not_text.push((line, column));
                }
                cells.push(cell.as_string().unwrap_or_default());
            }
            lines.push(cells);
        }
        if lines.is_empty() {
            return Err("the sheet is empty".to_owned());
        }
        let header = lines.remove(0);
        Ok(Sheet { header, rows: lines, not_text })
    }

    /// Whether the bytes are an Excel workbook of before 2007, `.xls`.
    pub fn is_xls(bytes: &[u8]) -> bool {
        bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0])
    }

    pub fn csv(&self) -> Vec<u8> {
        let mut out =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        for line in std::iter::once(&self.header).chain(&self.rows) {
            out.write_record(line).expect("it goes to memory");
        }
        out.into_inner().expect("it goes to memory")
    }

    /// As a workbook of texts.
    pub fn xlsx(&self) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (line, cells) in (0..).zip(std::iter::once(&self.header).chain(&self.rows)) {
            for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(line, column, cell).expect("it fits");
            }
        }
        book.save_to_buffer().expect("it goes to memory")
    }

    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    /// The rows with the numbers of their lines.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &Vec<String>)> {
        (2..).zip(&self.rows)
    }
}

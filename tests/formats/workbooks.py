#!/usr/bin/env python3
"""Makes the workbooks in tests/formats/workbooks with writers that are not ours.

They are committed; run this only to change them:
    pip install openpyxl==3.1.5 XlsxWriter==3.3.1 xlwt==1.3.0 msoffcrypto-tool==6.1.0 odfpy==1.4.1
    python3 tests/formats/workbooks.py
Everybody in them is invented.
"""

import datetime
import io
import pathlib
import re
import zipfile

import msoffcrypto.format.ooxml
import openpyxl
import xlsxwriter
import xlwt
from odf import dc, office, opendocument, style, table, text
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

FOLDER = pathlib.Path(__file__).parent / "workbooks"
MADE = datetime.datetime(2024, 3, 1, 8, 0, 0)


def with_xlsxwriter():
    """Shared texts, rich text, saved results of formulas, a filter, hidden and merged things."""
    book = xlsxwriter.Workbook(FOLDER / "roster.xlsx")
    book.set_properties({"created": MADE})
    sheet = book.add_worksheet("People")
    zeros = book.add_format({"num_format": "000000"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, ["Username", "Name", "Number", "Start", "Seen", "Active", "Points", "Team"])
    sheet.write_row(1, 0, ["ada@example.com", " Ada  Example "])
    sheet.write_number(1, 2, 417, zeros)
    sheet.write_datetime(1, 3, datetime.datetime(2024, 3, 1), day)
    sheet.write_datetime(1, 4, datetime.datetime(2024, 3, 1, 8, 30), moment)
    sheet.write_boolean(1, 5, True)
    sheet.write_number(1, 6, 12000000)
    sheet.write_formula(1, 7, '="Sales"&" "&"North"', None, "Sales North")
    sheet.write_row(2, 0, ["ben@example.com"])
    sheet.write_rich_string(2, 1, "Ben ", bold, "Exämple", " ✓")
    sheet.write_string(2, 2, "000018")
    sheet.write_boolean(2, 5, False)
    sheet.write_number(2, 6, 0.1)
    sheet.write_formula(2, 7, "=#REF!", None, "#REF!")
    sheet.write_row(3, 0, ["cleo@example.com", "Cleo\nof the _x0041_ line & <co>", "", "", "", "", "", "Support"])
    sheet.write_row(5, 0, ["dai@example.com", "Dai Example", "", "", "", "", "", "Support"])
    sheet.write_formula(5, 6, "=1+1", None, 2)
    sheet.autofilter("A1:H6")
    sheet.set_row(3, None, None, {"hidden": True})
    sheet.set_row(5, None, None, {"hidden": True})
    sheet.set_column(6, 6, None, None, {"hidden": True})
    sheet.merge_range("A9:C9", "Exported by nobody")
    lists = book.add_worksheet("Lists")
    lists.write_column(0, 0, ["Sales North", "Support"])
    lists.hide()
    book.close()


def counted_from_1904():
    book = xlsxwriter.Workbook(FOLDER / "from-1904.xlsx", {"date_1904": True})
    book.set_properties({"created": MADE})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "Start")
    sheet.write_datetime(1, 0, datetime.datetime(2024, 3, 1), book.add_format({"num_format": "d mmm yy"}))
    book.close()


def charts_only():
    book = xlsxwriter.Workbook(FOLDER / "charts-only.xlsx")
    book.set_properties({"created": MADE})
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "={1,2,3}"})
    book.add_chartsheet("Chart").set_chart(chart)
    book.close()


def with_openpyxl():
    """Formulas that were never worked out, and three hundred columns."""
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = MADE
    sheet = book.active
    sheet.title = "Übersicht"
    sheet.append(["Username", "Full name"])
    sheet.append(["ada@example.com", '=UPPER("ada")'])
    sheet.append(["ben@example.com", datetime.date(2024, 2, 29)])
    wide = book.create_sheet("Wide")
    for row in range(1, 4):
        wide.append([f"r{row}c{column}" for column in range(1, 301)])
    book.save(FOLDER / "openpyxl.xlsx")


def a_vendors_template():
    """Drop-downs: inside the rule, from a range, by a name, dependent on a cell, and as later Excels write them."""
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = MADE
    sheet = book.active
    sheet.title = "Users"
    sheet.append(["Full name", "E-mail", "Language", "Country code", "Province code", "Team", "Site", "Start date"])
    lists = book.create_sheet("My lists")
    lists.sheet_state = "hidden"
    columns = {"A": ["Country", "CA", "US", "FR"], "B": ["Team", "Sales", "R&D, Québec", "Support", None, "Sales"], "C": ["Site", "Hall 1", "Hall 2"]}
    for letter, values in columns.items():
        for row, value in enumerate(values, 1):
            lists[f"{letter}{row}"] = value
    book.defined_names["Teams"] = DefinedName("Teams", attr_text="'My lists'!$B$2:$B$20")
    rules = [
        ("C2:C500", '"English,Français, Español"'),
        ("D2:D1048576", "'My lists'!$A$2:$A$4"),
        ("E2:E500", "INDIRECT($D2)"),
        ("F2:F500", "Teams"),
        ("G2:G500", "'My lists'!$C:$C"),
    ]
    for places, formula in rules:
        rule = DataValidation(type="list", formula1=formula, allow_blank=True)
        rule.add(places)
        sheet.add_data_validation(rule)
    dates = DataValidation(type="date", operator="greaterThan", formula1="36526")
    dates.add("H2:H500")
    sheet.add_data_validation(dates)
    plain = io.BytesIO()
    book.save(plain)
    (FOLDER / "template.xlsx").write_bytes(with_a_later_rule(plain.getvalue()))


def to_be_filled_in():
    """A vendor's template with a title, made-up people, formats, links, merged cells, drop-downs and a second sheet."""
    book = xlsxwriter.Workbook(FOLDER / "vendor.xlsx")
    book.set_properties({"created": MADE, "company": "Vendor"})
    sheet = book.add_worksheet("Users")
    lists = book.add_worksheet("Lists")
    title = book.add_format({"bold": True, "font_size": 16, "bg_color": "#DDEBF7"})
    name = book.add_format({"bold": True, "bottom": 1})
    as_text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "right"})
    sheet.merge_range("A1:D1", "Import your users: fill in from line 4 on", title)
    sheet.write_row("A3", ["Email", "Full name", "Number", "Joined", "", "Country code"], name)
    sheet.set_column("A:B", 28)
    sheet.set_column("C:C", 12, as_text)
    sheet.set_row(3, 20)
    sheet.write_url("A4", "mailto:jane.doe@example.com", string="jane.doe@example.com")
    sheet.write("B4", "Jane Doe")
    sheet.write("C4", "00012", as_text)
    sheet.write_datetime("D4", datetime.datetime(2024, 3, 1), day)
    sheet.write("E4", "kept")
    sheet.write("F4", "CA")
    sheet.merge_range("A5:B5", "john.roe@example.com", as_text)
    sheet.write("E5", "kept")
    sheet.freeze_panes(3, 0)
    sheet.data_validation("F4:F500", {"validate": "list", "source": "=Lists!$A$1:$A$2"})
    sheet.data_validation("B4:B500", {"validate": "length", "criteria": "<=", "value": 80})
    sheet.conditional_format("A4:A500", {"type": "duplicate", "format": title})
    lists.write_column("A1", ["CA", "US"])
    lists.protect()
    book.close()


def with_a_later_rule(workbook):
    """The rule about sites as Excel 2010 and later write one that refers to another sheet."""
    later = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"'
        ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        '<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
        '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>\'My lists\'!$C$2:$C$3</xm:f>'
        "</x14:formula1><xm:sqref>G2:G500</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = re.sub(r'<dataValidation (?:(?!</dataValidation>).)*sqref="G2:G500".*?</dataValidation>', "", text.decode())
                text = text.replace("</worksheet>", later + "</worksheet>").encode()
            new.writestr(zipfile.ZipInfo(part.filename, (2024, 3, 1, 8, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_a_password():
    plain = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Username"])
    book.save(plain)
    with open(FOLDER / "password.xlsx", "wb") as out:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("example", out)


def with_xlwt():
    """The old format: hidden rows, formats of zeros, days, saved results, accents."""
    book = xlwt.Workbook(encoding="utf-8")
    lists = book.add_sheet("Lists")
    lists.visibility = 1
    lists.write(0, 0, "Support")
    sheet = book.add_sheet("Leute")
    for column, name in enumerate(["Username", "Name", "Number", "Start", "Active", "Points", "Team"]):
        sheet.write(0, column, name)
    sheet.write(1, 0, "ada@example.com")
    sheet.write(1, 1, " Ada  Exämple ✓ ")
    sheet.write(1, 2, 417, xlwt.easyxf(num_format_str="000000"))
    sheet.write(1, 3, datetime.date(2024, 3, 1), xlwt.easyxf(num_format_str="dd/mm/yyyy"))
    sheet.write(1, 4, True)
    sheet.write(1, 5, 12000000)
    sheet.write(1, 6, xlwt.Formula("1+1"))
    sheet.write(2, 0, "ben@example.com")
    sheet.write(2, 2, "000018")
    sheet.write(2, 5, 0.1)
    sheet.row(2).hidden = True
    sheet.write(4, 0, "cleo@example.com")
    sheet.write(4, 1, "Cleo\nExample")
    sheet.write(4, 2, 18, xlwt.easyxf(num_format_str="000-00-0000"))
    sheet.write_merge(6, 6, 0, 2, "Exported by nobody")
    book.save(str(FOLDER / "roster.xls"))

    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet("Sheet1")
    sheet.write(0, 0, "Start")
    sheet.write(1, 0, 43890.5, xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm"))
    book.save(str(FOLDER / "from-1904.xls"))


def with_odfpy():
    """An OpenDocument spreadsheet: a hidden sheet and rows, repeats, days, shares, zeros, formulas, a comment."""
    book = opendocument.OpenDocumentSpreadsheet()
    gone = style.Style(name="ta2", family="table")
    gone.addElement(style.TableProperties(display="false"))
    book.automaticstyles.addElement(gone)

    def cell(shown="", **said):
        made = table.TableCell(**said)
        for line in shown.split("\n") if shown else []:
            made.addElement(text.P(text=line))
        return made

    def row(sheet, *cells, **said):
        made = table.TableRow(**said)
        for each in cells:
            made.addElement(cell(each, valuetype="string") if isinstance(each, str) else each)
        sheet.addElement(made)

    lists = table.Table(name="Lists", stylename=gone)
    row(lists, "Support")
    book.spreadsheet.addElement(lists)
    sheet = table.Table(name="Leute")
    sheet.addElement(table.TableColumn(numbercolumnsrepeated=4))
    sheet.addElement(table.TableColumn(visibility="collapse"))
    sheet.addElement(table.TableColumn(numbercolumnsrepeated=1019))
    row(sheet, "Username", "Name", "Number", "Start", "Active", "Points", "Share", "Team")
    name = table.TableCell(valuetype="string")
    paragraph = text.P()
    paragraph.addElement(text.S(c=1))
    paragraph.addElement(text.Span(text="Ada"))
    paragraph.addElement(text.S(c=2))
    paragraph.addText("Exämple ✓")
    comment = office.Annotation()
    comment.addElement(dc.Creator(text="Nobody"))
    comment.addElement(text.P(text="Is this how she writes it?"))
    name.addElement(comment)
    name.addElement(paragraph)
    row(
        sheet,
        "ada@example.com",
        name,
        cell("000417", valuetype="float", value="417"),
        cell("01.03.2024", valuetype="date", datevalue="2024-03-01"),
        cell("WAHR", valuetype="boolean", booleanvalue="true"),
        cell("12.000.000", valuetype="float", value="12000000"),
        cell("12,5 %", valuetype="percentage", value="0.125"),
        cell("2", valuetype="float", value="2", formula="of:=1+1"),
    )
    row(
        sheet,
        "ben@example.com",
        cell(),
        "000018",
        cell("01.03.24 12:00", valuetype="date", datevalue="2024-03-01T12:00:00"),
        cell("", numbercolumnsrepeated=2),
        cell("08:30", valuetype="time", timevalue="PT08H30M00S"),
        cell("Err:502", valuetype="string", stringvalue="", formula="of:=SQRT(-1)"),
        visibility="collapse",
    )
    row(sheet, cell(numbercolumnsrepeated=1024), numberrowsrepeated=2)
    row(sheet, "cleo@example.com", "Cleo\nExample", cell("000-00-0018", valuetype="float", value="18"))
    row(sheet, cell("same", valuetype="string", numbercolumnsrepeated=2), numberrowsrepeated=2)
    row(sheet, cell("Exported by nobody", valuetype="string", numbercolumnsspanned=3, numberrowsspanned=1))
    row(sheet, cell(numbercolumnsrepeated=1024), numberrowsrepeated=1048567)
    book.spreadsheet.addElement(sheet)
    book.save(str(FOLDER / "roster.ods"))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with_xlsxwriter()
    counted_from_1904()
    charts_only()
    with_openpyxl()
    a_vendors_template()
    to_be_filled_in()
    with_a_password()
    with_xlwt()
    with_odfpy()

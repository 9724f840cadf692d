"""Reports on paper: each is a title, a few lines, a sketch and tables, as PDF and as the workbook behind it."""

"""List pages: one declaration gives page, filters, pages, CSV, audit entry, access and menu."""

"""What Sphinx is told. Every name here is Sphinx's own, or one of the theme's."""

from typing import Any

project = "gradkata"
html_title = "gradkata"
language = "en"
extensions = ["myst_parser", "book.extension"]
exclude_patterns = ["files/**"]

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["book.css"]
html_theme_options: dict[str, Any] = {"top_of_page_buttons": []}
highlight_language = "text"
pygments_style, pygments_dark_style = "a11y-light", "a11y-high-contrast-dark"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
# A summary would be fetched, which a browser refuses to a page that is opened from a file.
html_show_search_summary = False

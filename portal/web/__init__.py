"""The blueprints' toolkit: access marks, the signed-in person, pages, forms, headers, limits. Knows users, no
business."""

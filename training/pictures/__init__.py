"""The pictures of reports, pages and calibration."""

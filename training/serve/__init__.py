"""An HTTP service around an export: records as ``predict_stance`` makes them, and a page."""

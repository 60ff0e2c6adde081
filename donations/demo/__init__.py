"""The demo city: a reconstruction. Totals follow the published reports, the breakdown per place is invented."""

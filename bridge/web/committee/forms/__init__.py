"""The committee's pages about forms that members sent."""

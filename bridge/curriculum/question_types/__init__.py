"""One module for each question type, and the register that lists them."""

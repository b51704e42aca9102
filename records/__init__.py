"""What the records of every mechanism share: one declaration a kind gives its pages, REST, lists and exports."""

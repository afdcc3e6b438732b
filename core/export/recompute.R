# Computes the main figures of this analysis again, with base R alone, from the files in inputs/.
# In this folder: Rscript recompute.R
# It writes recomputed_by_r.csv and ends with status 1 where a figure differs by more than 1e-6 of its value.

table_of <- function(path) {
  head <- readLines(path, n = 1, warn = FALSE)
  separator <- if (grepl(";", head, fixed = TRUE, useBytes = TRUE)) ";" else ","
  # taken as UTF-8 whatever the computer's own encoding is
  found <- read.csv(path, sep = separator, encoding = "UTF-8", stringsAsFactors = FALSE, check.names = FALSE,
                    na.strings = "", colClasses = "character")
  names(found)[1] <- sub("^\xef\xbb\xbf", "", names(found)[1], useBytes = TRUE)
  found
}
number <- function(text) as.numeric(text)

ratings <- table_of("inputs/ratings.csv")
scores <- table_of("inputs/scores.csv")
animals <- table_of("inputs/animals.csv")
iron <- table_of("inputs/iron.csv")
figures <- table_of("figures.csv")

kappa <- function(figure) {
  mine <- ratings[ratings$item == figure$item & ratings$session == figure$session & ratings[["repeat"]] == "0", ]
  of <- function(rater) mine[mine$rater == rater, c("unit", "value")]
  both <- merge(of(figure$first_rater), of(figure$second_rater), by = "unit")
  both <- both[!is.na(both$value.x) & !is.na(both$value.y), ]
  categories <- number(strsplit(figure$categories, ";", fixed = TRUE)[[1]])
  counts <- table(factor(number(both$value.x), categories), factor(number(both$value.y), categories))
  shares <- counts / sum(counts)
  away <- abs(outer(seq_along(categories), seq_along(categories), "-")) / max(1, length(categories) - 1)
  lost <- switch(figure$statistic, unweighted = away > 0, linear = away, quadratic = away^2)
  1 - sum(lost * shares) / sum(lost * outer(rowSums(shares), colSums(shares)))
}

auc <- function(figure) {
  mine <- scores[scores$item == figure$item & scores$rater == figure$first_rater &
                 scores$session == figure$session & !is.na(scores$score), ]
  ranks <- rank(number(mine$score))
  positive <- mine$positive == "1"
  (sum(ranks[positive]) - sum(positive) * (sum(positive) + 1) / 2) / (sum(positive) * sum(!positive))
}

between_groups <- function(figure) {
  mine <- animals[number(animals$field_t) == number(figure$field_t) & animals$visit == figure$visit, ]
  # the first group is the first by code point, in every language: a t has its sign by it
  named <- sort(unique(mine$group), method = "radix")
  mine <- data.frame(value = number(mine[[figure$item]]), group = factor(mine$group, named))
  mine <- droplevels(mine[is.finite(mine$value), ])
  switch(figure$statistic,
    "ANOVA" = oneway.test(value ~ group, mine, var.equal = TRUE)$statistic,
    "Student t" = t.test(value ~ group, mine, var.equal = TRUE)$statistic,
    "Welch t" = t.test(value ~ group, mine)$statistic)
}

line <- function(figure) {
  mine <- iron[iron$rater == figure$first_rater & number(iron$field_t) == number(figure$field_t), ]
  fitted <- coef(lm(number(iron_ug_per_g) ~ number(icpms_ug_per_g), mine))
  fitted[[if (figure$statistic == "slope") 2 else 1]]
}

again <- vapply(seq_len(nrow(figures)), function(place) {
  figure <- figures[place, ]
  as.numeric(switch(figure$kind, kappa = kappa(figure), auc = auc(figure),
                    test = between_groups(figure), ols = line(figure)))
}, numeric(1))
analysis <- number(figures$value)
differs <- !(abs(again - analysis) <= 1e-6 * pmax(abs(analysis), 1e-6))
write.csv(data.frame(figure = seq_along(again), kind = figures$kind, statistic = figures$statistic,
                     item = figures$item, analysis = sprintf("%.17g", analysis),
                     r = sprintf("%.17g", again), differs = as.integer(differs)),
          "recomputed_by_r.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")
cat(sprintf("%d figures computed again, %d differ\n", length(again), sum(differs)))
quit(status = as.integer(any(differs)))

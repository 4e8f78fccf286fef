// While it lives, the program's locale writes 1234.5 as 1.234,5, as in much of Europe.
#pragma once

#include <locale>

class GroupingLocale {
    struct Numbers : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };

public:
    GroupingLocale() : before_(std::locale::global(std::locale(std::locale::classic(), new Numbers))) {}
    ~GroupingLocale() { std::locale::global(before_); }
    GroupingLocale(const GroupingLocale&) = delete;
    GroupingLocale& operator=(const GroupingLocale&) = delete;

private:
    std::locale before_;
};

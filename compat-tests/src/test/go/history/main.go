// franz-go in a history of transactions: history PROGRAM BROKER PROCESS SEED ARGUMENT...
//
// PROGRAM and its arguments are those of the Java programs of that name, HistoryProducer, HistoryCopier and HistoryReader, and
// HistoryWriter (topic, partitions), a producer without transactions. Each writes its events, one a line, until its standard
// input says something or it cannot go on.
package main

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	mostRecords = 12
	abortedOf   = 5
	mostPauseMs = 60
	batch       = 20
)

var (
	lines sync.Mutex
	told  atomic.Bool
)

func write(words ...any) {
	line := fmt.Sprintln(words...)
	lines.Lock()
	defer lines.Unlock()
	if _, err := os.Stdout.WriteString(line); err != nil {
		os.Exit(1)
	}
}

func check(err error) {
	if err != nil {
		write("left", strings.Join(strings.Fields(err.Error()), "-"))
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	check(err)
	return n
}

func pause(r *rand.Rand) {
	time.Sleep(time.Duration(r.Intn(mostPauseMs)) * time.Millisecond)
}

// history gives the records and transactions of a process their names.
type history struct {
	process      string
	random       *rand.Rand
	partitions   int
	transactions int
	records      int
}

func (h *history) begin() string {
	name := fmt.Sprintf("%s-t%d", h.process, h.transactions)
	h.transactions++
	write("begin", name)
	return name
}

func (h *history) record(transaction, topic, source string) *kgo.Record {
	value := fmt.Sprintf("%s-%d", h.process, h.records)
	h.records++
	partition := h.random.Intn(h.partitions)
	write("send", transaction, topic, partition, value, source)
	return &kgo.Record{Topic: topic, Partition: int32(partition), Value: []byte(value)}
}

// acknowledged returns a promise that counts the records that were refused or given up.
func acknowledged(failures *atomic.Int32) func(*kgo.Record, error) {
	return func(r *kgo.Record, err error) {
		if err == nil {
			write("ack", string(r.Value), r.Offset)
		} else {
			failures.Add(1)
		}
	}
}

func settings(broker string) []kgo.Opt {
	return []kgo.Opt{
		kgo.SeedBrokers(broker),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerLinger(2 * time.Millisecond),
		kgo.RecordDeliveryTimeout(time.Minute),
		kgo.MetadataMinAge(100 * time.Millisecond),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
	}
}

func transactional(id, timeoutMs string) []kgo.Opt {
	timeout := time.Duration(number(timeoutMs)) * time.Millisecond
	return []kgo.Opt{kgo.TransactionalID(id), kgo.TransactionTimeout(timeout)}
}

func produce(broker string, h *history, arguments []string) {
	ctx := context.Background()
	h.partitions = number(arguments[3])
	c, err := kgo.NewClient(append(settings(broker), transactional(arguments[0], arguments[1])...)...)
	check(err)
	defer c.Close()
	for !told.Load() {
		transaction := h.begin()
		check(c.BeginTransaction())
		var failures atomic.Int32
		for count := 1 + h.random.Intn(mostRecords); count > 0; count-- {
			c.Produce(ctx, h.record(transaction, arguments[2], "-"), acknowledged(&failures))
			if h.random.Intn(mostRecords) == 0 {
				check(c.Flush(ctx))
				pause(h.random)
			}
		}
		if h.random.Intn(abortedOf) > 0 {
			check(c.Flush(ctx))
			if failures.Load() == 0 {
				write("commit", transaction)
				err := c.EndTransaction(ctx, kgo.TryCommit)
				if err != nil {
					write("unknown", transaction, "end")
				}
				check(err)
				write("committed", transaction)
				pause(h.random)
				continue
			}
		}
		check(c.AbortBufferedRecords(ctx))
		check(c.EndTransaction(ctx, kgo.TryAbort))
		write("aborted", transaction)
		pause(h.random)
	}
}

func writePlainly(broker string, h *history, arguments []string) {
	ctx := context.Background()
	h.partitions = number(arguments[1])
	c, err := kgo.NewClient(settings(broker)...)
	check(err)
	defer c.Close()
	var failures atomic.Int32
	for !told.Load() {
		for count := 1 + h.random.Intn(mostRecords); count > 0; count-- {
			c.Produce(ctx, h.record("-", arguments[0], "-"), acknowledged(&failures))
		}
		check(c.Flush(ctx))
		pause(h.random)
	}
}

// assignment is what the group gives this member, as its callbacks tell.
type assignment struct {
	sync.Mutex
	partitions map[int32]bool
}

func (a *assignment) positions(topic string) {
	a.Lock()
	defer a.Unlock()
	for partition := range a.partitions {
		write("position", topic, partition, -1)
	}
}

func (a *assignment) set(assigned bool) func(context.Context, *kgo.Client, map[string][]int32) {
	return func(_ context.Context, _ *kgo.Client, changed map[string][]int32) {
		a.Lock()
		defer a.Unlock()
		for topic, partitions := range changed {
			for _, partition := range partitions {
				if assigned {
					a.partitions[partition] = true
					write("position", topic, partition, -1)
				} else {
					delete(a.partitions, partition)
				}
			}
		}
	}
}

func groupSettings(group, topic string, more []string, a *assignment) []kgo.Opt {
	options := []kgo.Opt{
		kgo.ConsumerGroup(group),
		kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.Balancers(kgo.RangeBalancer()),
		kgo.OnPartitionsAssigned(a.set(true)),
		kgo.OnPartitionsRevoked(a.set(false)),
		kgo.OnPartitionsLost(a.set(false)),
	}
	for _, each := range more {
		name, value, _ := strings.Cut(each, "=")
		switch name {
		case "group.protocol":
			options = append(options, kgo.ServerSideBalancer())
		case "max.poll.interval.ms":
			options = append(options, kgo.RebalanceTimeout(time.Duration(number(value))*time.Millisecond))
		case "session.timeout.ms":
			options = append(options, kgo.SessionTimeout(time.Duration(number(value))*time.Millisecond))
		case "heartbeat.interval.ms":
			options = append(options, kgo.HeartbeatInterval(time.Duration(number(value))*time.Millisecond))
		}
	}
	return options
}

func copyInputs(broker string, h *history, arguments []string) {
	ctx := context.Background()
	inputs, outputs, group := arguments[2], arguments[3], arguments[5]
	h.partitions = number(arguments[4])
	assigned := &assignment{partitions: map[int32]bool{}}
	options := append(settings(broker), transactional(arguments[0], arguments[1])...)
	s, err := kgo.NewGroupTransactSession(append(options, groupSettings(group, inputs, arguments[6:], assigned)...)...)
	check(err)
	for !told.Load() {
		waiting, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		fetches := s.PollRecords(waiting, batch)
		cancel()
		records := fetches.Records()
		for _, r := range records {
			write("read", r.Topic, r.Partition, r.Offset, string(r.Value))
		}
		if len(records) == 0 {
			continue
		}
		transaction := h.begin()
		check(s.Begin())
		var failures atomic.Int32
		offsets := map[int32]int64{}
		for _, r := range records {
			source := fmt.Sprintf("%s:%d:%d", r.Topic, r.Partition, r.Offset)
			s.Produce(ctx, h.record(transaction, outputs, source), acknowledged(&failures))
			offsets[r.Partition] = r.Offset + 1
		}
		pause(h.random)
		check(s.Client().Flush(ctx))
		for partition, offset := range offsets {
			write("offsets", transaction, group, inputs, partition, offset)
		}
		try := kgo.TransactionEndTry(h.random.Intn(abortedOf) > 0 && failures.Load() == 0)
		if try {
			write("commit", transaction)
		}
		committed, err := s.End(ctx, try)
		if err != nil {
			write("unknown", transaction, "end")
		}
		check(err)
		if committed {
			write("committed", transaction)
		} else {
			write("aborted", transaction)
			assigned.positions(inputs)
		}
	}
	s.Close()
}

func read(broker string, arguments []string) {
	everything := map[string]map[int32]kgo.Offset{}
	for _, topic := range arguments[1:] {
		everything[topic] = map[int32]kgo.Offset{}
		for partition := int32(0); partition < int32(number(arguments[0])); partition++ {
			everything[topic][partition] = kgo.NewOffset().At(0)
			write("position", topic, partition, 0)
		}
	}
	c, err := kgo.NewClient(append(settings(broker), kgo.ConsumePartitions(everything),
		kgo.ConsumeResetOffset(kgo.NoResetOffset()))...)
	check(err)
	defer c.Close()
	for !told.Load() {
		waiting, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		c.PollFetches(waiting).EachRecord(func(r *kgo.Record) {
			write("read", r.Topic, r.Partition, r.Offset, string(r.Value))
		})
		cancel()
	}
}

func main() {
	go func() {
		_, _ = os.Stdin.Read(make([]byte, 1))
		told.Store(true)
	}()
	broker, arguments := os.Args[2], os.Args[5:]
	h := &history{process: os.Args[3], random: rand.New(rand.NewSource(int64(number(os.Args[4]))))}
	switch os.Args[1] {
	case "HistoryProducer":
		produce(broker, h, arguments)
	case "HistoryWriter":
		writePlainly(broker, h, arguments)
	case "HistoryCopier":
		copyInputs(broker, h, arguments)
	case "HistoryReader":
		read(broker, arguments)
	}
	write("left", "told")
}
